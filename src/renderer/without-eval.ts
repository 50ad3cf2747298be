/**
 * Imported before anything else: the contract's schemas are made on import, and zod would probe `new Function`,
 * which the content security policy forbids and reports.
 */
import { config } from 'zod';

config({ jitless: true });
