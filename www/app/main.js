import './trusted-types.js';
import './components/demo-app.js';
import { watchForUpdates } from './updates.js';

watchForUpdates();
