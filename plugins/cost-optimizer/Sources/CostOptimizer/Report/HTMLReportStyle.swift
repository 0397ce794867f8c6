/// How the page looks, by day and by night.
enum HTMLReportStyle {
  static let css = """
    :root{color-scheme:light dark;--ink:#1c2430;--soft:#5d6878;--line:#dfe4ea;--paper:#f5f7f9;--card:#fff;--cost:#3f6fb5;\
    --saving:#2f9e6e;--p1:#7a5fb0;--p2:#c9822b;--p3:#8794a5;--alarm:#c0392b;--warning:#b9770e;\
    font:14px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
    @media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--soft:#9aa7b6;--line:#2f3944;--paper:#141a21;--card:#1c242d;\
    --cost:#6f9fe3;--saving:#4cc38a;--p1:#a48ddb;--p2:#e0a052;--p3:#8a97a8;--alarm:#ef7466;--warning:#e0a83c}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink)}
    header,main,footer{max-width:1320px;margin:0 auto;padding:0 1.5rem}
    header{padding-top:1.75rem}
    h1{font-size:1.5rem;margin:0}
    h2{font-size:1.05rem;margin:2rem 0 .6rem}
    header p,footer,small{color:var(--soft)}
    header p{margin:.2rem 0 1.25rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:.9rem}
    .tile{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.8rem 1rem}
    .tile h2{font-size:.85rem;font-weight:500;margin:0;color:var(--soft)}
    .tile b{display:block;font-size:1.6rem;line-height:1.35;font-variant-numeric:tabular-nums}
    .tile.good b{color:var(--saving)}
    .findings{list-style:none;margin:0;padding:0;display:grid;gap:.5rem}
    .findings li{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--p3);border-radius:6px;padding:.55rem .9rem}
    .findings li.warning{border-left-color:var(--warning)}
    .findings li.alarm{border-left-color:var(--alarm)}
    .findings span{color:var(--soft)}
    .findings div{margin-top:.25rem}
    .findings details{display:inline}
    code{font:12px ui-monospace,monospace;background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:0 .3em;\
    display:inline-block;max-width:100%;overflow-wrap:anywhere}
    .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(460px,100%),1fr));gap:.9rem;margin-top:2rem}
    figure{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:0;padding:.9rem 1rem}
    figcaption{margin-bottom:.5rem}
    svg{display:block;width:100%;height:auto}
    svg text{font:11.5px system-ui,sans-serif;fill:var(--soft)}
    svg .name,svg .figure{fill:var(--ink)}
    svg .grid{stroke:var(--line)}
    .cost,.part0{fill:var(--cost)}
    .saving{fill:var(--saving)}
    .part1{fill:var(--p1)}.part2{fill:var(--p2)}.part3{fill:var(--p3)}
    .table{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:8px}
    .table.narrow{max-width:640px}
    table{font-size:13px;border-collapse:collapse;width:100%}
    th,td{text-align:left;vertical-align:top;padding:.4rem .65rem;border-bottom:1px solid var(--line)}
    th{font-weight:500;color:var(--soft);white-space:nowrap}
    tbody tr:last-child td{border-bottom:0}
    td{white-space:nowrap}
    td.name{font-weight:500;white-space:normal;overflow-wrap:anywhere;min-width:11rem}
    td.why{white-space:normal;min-width:20rem;color:var(--soft)}
    .number{text-align:right;font-variant-numeric:tabular-nums}
    td.number small{display:block}
    i{font-style:normal;border:1px solid currentColor;border-radius:1em;padding:0 .6em;font-size:.85em}
    i.high{color:var(--saving)}i.medium{color:var(--warning)}i.low{color:var(--soft)}
    footer{padding:1.5rem;font-size:.85rem}
    footer p{margin:.2rem 0;max-width:80ch}
    """
}
