"""The style sheet of the HTML report."""

STYLE = """\
:root {
  color-scheme: light dark;
  --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --page: #fff; --code: #f6f8fa;
  --red: #b42318; --yellow: #8a5a00; --cyan: #0b6577; --blue: #0550ae;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6edf3; --soft: #9aa4af; --line: #353c45; --page: #0d1117; --code: #161b22;
    --red: #ff8a80; --yellow: #e3b341; --cyan: #6cd3e4; --blue: #79b8ff;
  }
}
* { box-sizing: border-box; }
body {
  max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { margin: 0; font-size: 1.6rem; }
h2 { margin: 3rem 0 .25rem; padding-top: 1.5rem; border-top: 1px solid var(--line); font-size: 1.3rem; }
h2 span { color: var(--soft); font-weight: 400; }
h3 { margin: 2rem 0 .5rem; font: 600 1rem/1.5 ui-monospace, monospace; }
h4 { margin: .25rem 0 .75rem; font-size: 1.05rem; }
p { margin: .5rem 0; }
a { color: var(--blue); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875em; }
pre {
  margin: .75rem 0; padding: .75rem 1rem; overflow-x: auto; border-radius: 6px; background: var(--code);
  line-height: 1.45; unicode-bidi: isolate; direction: ltr; overflow-wrap: normal;
}
table { margin-top: 1rem; border-collapse: collapse; }
th, td {
  overflow-wrap: normal; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); text-align: right;
  font-weight: 400;
}
th[scope="row"] { text-align: left; }
thead th { color: var(--soft); }
article {
  margin: 1rem 0; padding: .75rem 1rem 1rem; border: 1px solid var(--line); border-left: 4px solid;
  border-radius: 6px;
}
article.high { border-left-color: var(--red); }
article.medium { border-left-color: var(--yellow); }
article.low { border-left-color: var(--cyan); }
.place { margin: 0; color: var(--soft); }
.badge { margin-left: .5rem; padding: 0 .5rem; border: 1px solid; border-radius: 1rem; font-size: .8rem; }
.high .badge, .red { color: var(--red); }
.medium .badge, .yellow { color: var(--yellow); }
.low .badge, .cyan { color: var(--cyan); }
.blue { color: var(--blue); }
.bold { font-weight: 600; }
.remark b { display: inline-block; min-width: 2.75rem; color: var(--soft); font-weight: 600; }
.way { display: flex; flex-wrap: wrap; gap: .5rem 0; margin: .75rem 0; padding: 0; list-style: none; }
.way li { padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 6px; }
.way li + li { position: relative; margin-left: 2rem; }
.way li + li::before { content: "\\2192"; position: absolute; left: -1.6rem; top: 25%; color: var(--soft); }
.way small { display: block; color: var(--soft); }
footer { margin-top: 3rem; color: var(--soft); font-size: .875rem; }
"""
