/**
 * Imported before anything else of an engine's process: turns off V8's middle compiler, Maglev. In Node 24 (V8 13.6) code
 * of it lets two objects share the box of a number now and then: a picture's width changed as soon as another was made,
 * in one of some ten short runs of `predict` on a busy machine, and never in a hundred without it. What is hot is
 * compiled by TurboFan all the same; neither predicting nor evaluating takes measurably longer.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--no-maglev');
