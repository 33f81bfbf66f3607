import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import './style/fonts.css';
import './style/colours.css';
import './style/base.css';
import './style/shell.css';
import './style/chat.css';
import './style/passes.css';
import './style/race.css';
import './style/dialogs.css';
import { App } from './app.tsx';

render(<App />, document.body);
