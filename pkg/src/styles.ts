// The look of the annotator; every colour and measure is a custom property that a host page may set.

const CSS = `
:host { display: block; position: relative; min-height: 200px; contain: content; }
:host([hidden]) { display: none; }
.root {
  --surface: var(--vf-surface, #1b1b1f);
  --text: var(--vf-text, #ececef);
  --muted: var(--vf-muted, #a1a1ab);
  --border: var(--vf-border, #34343b);
  --hover: var(--vf-hover, #2a2a30);
  --accent: var(--vf-accent, #3e8bff);
  --on-accent: var(--vf-on-accent, #ffffff);
  --danger: var(--vf-danger, #ff8080);
  --radius: var(--vf-radius, 6px);
  --font: var(--vf-font, 13px/1.4 system-ui, sans-serif);
  position: absolute; inset: 0; display: flex; flex-direction: column;
  background: var(--surface); color: var(--text); font: var(--font);
  border-radius: inherit; overflow: hidden;
}
.root[data-theme="light"] {
  --surface: var(--vf-surface, #ffffff);
  --text: var(--vf-text, #1c1c20);
  --muted: var(--vf-muted, #5d5d66);
  --border: var(--vf-border, #d9d9de);
  --hover: var(--vf-hover, #ededf0);
  --accent: var(--vf-accent, #0b5fd8);
  --danger: var(--vf-danger, #b3261e);
}
.toolbar {
  display: flex; flex-wrap: wrap; align-items: center; gap: 2px; padding: 4px;
  border-bottom: 1px solid var(--border);
}
.toolbar .gap { flex: 1; }
.toolbar .line { width: 1px; height: 20px; margin: 0 4px; background: var(--border); }
button, select {
  font: inherit; color: inherit; background: none; border: 1px solid transparent;
  border-radius: var(--radius); min-width: 30px; height: 30px; margin: 0; padding: 0 5px;
}
button { display: inline-grid; place-items: center; cursor: pointer; }
button:hover:not(:disabled) { background: var(--hover); }
button:disabled { opacity: 0.4; cursor: default; }
button[aria-pressed="true"] { background: var(--accent); color: var(--on-accent); }
select { border-color: var(--border); max-width: 14em; }
select option { background: var(--surface); color: var(--text); }
button:focus-visible, select:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
svg { width: 18px; height: 18px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.swatch { width: 12px; height: 12px; border-radius: 3px; border: 1px solid var(--border); margin: 0 2px 0 4px; }
.save { color: var(--muted); padding: 0 6px; white-space: nowrap; }
.stage { position: relative; flex: 1; min-height: 0; }
canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; outline: none; touch-action: none; }
.focus-ring { position: absolute; inset: 0; pointer-events: none; }
.root[data-keyboard] canvas:focus-visible + .focus-ring { box-shadow: inset 0 0 0 2px var(--accent); }
.smart {
  position: absolute; top: 8px; left: 50%; transform: translateX(-50%); max-width: calc(100% - 16px);
  display: flex; flex-wrap: wrap; align-items: center; gap: 4px; padding: 3px 8px;
  border: 1px solid var(--border); border-radius: var(--radius); background: var(--surface); color: var(--text);
}
.message {
  position: absolute; left: 8px; right: 8px; bottom: 8px; margin: 0 auto; width: fit-content; max-width: calc(100% - 32px);
  padding: 6px 10px; border: 1px solid var(--border); border-radius: var(--radius);
  background: var(--surface); color: var(--text); pointer-events: none; overflow-wrap: anywhere;
}
.message[data-kind="error"] { border-color: var(--danger); color: var(--danger); }
.message:empty { display: none; }
.hint {
  padding: 3px 8px; border-top: 1px solid var(--border); color: var(--muted);
  white-space: nowrap; overflow: hidden; text-overflow: ellipsis; font-variant-numeric: tabular-nums; user-select: text;
}
.hint[hidden] { display: none; }
textarea {
  position: absolute; margin: 0; padding: 0; border: 1px solid var(--accent); background: var(--surface);
  color: var(--text); resize: none; overflow: hidden; line-height: 1.2; font-family: inherit;
}
`

/** Gives a shadow root the annotator's styles, in a way that a strict style policy allows. */
export function addStyles(root: ShadowRoot): void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(CSS)
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
}
