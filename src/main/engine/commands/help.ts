export const helpText = `Grounding Workbench: run, measure and export visual grounding without a window.

  grounding-workbench <command> [options]

Commands
  import <path>   Bring a dataset into the workspace (its format is detected)
                    --preview            only say what would be imported, repaired, rejected
                    --format <name>      grounding-jsonl | refer | mdetr | coco-csv | folder-csv
                    --images <folder>    where the images are, if not beside the annotations
                    --name <name>
  predict         Answer what has not been answered yet; run again to go on after an interruption
                    --methods a,b        yolo-clip, blip-sam, risclip (default: all)
                    --split <name>  --limit <n>  --pack <id>
  evaluate        Print the results table (as JSON: the whole evaluation)
                    --split <name>  --unit expression|referent  --coverage common|all
                    --ground-truth corrected|original
  report          Write report.html, expressions.csv and report.json
                    --out <folder>  --formats html,csv,json  --title <text>
                    and the options of evaluate
  export          Write a dataset with its corrections
                    --out <folder>  --format grounding-jsonl|refer|mdetr  --original
  demo            The whole job on the bundled demo: 100 test scenes, three methods, a report
                    --all  --out <folder>

Everywhere
  --workspace <folder>   default: the user's data folder
  --dataset <name|id>    needed when the workspace has several
  --json                 one JSON object a line (the default when not on a terminal)
  --text                 sentences and tables (the default on a terminal)

Exit codes: 0 done, 1 failed, 2 called wrongly, 3 done but some items failed.

Examples
  grounding-workbench import refcocog/ --images coco/train2014
  grounding-workbench predict --methods risclip --split val
  grounding-workbench evaluate --split val --json > evaluation.jsonl
  grounding-workbench report --split val --out report
`;
