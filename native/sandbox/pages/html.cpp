#include "native/sandbox/pages/html.hpp"

#include "native/sandbox/text/escape.hpp"

namespace rekey::sandbox {

namespace {

constexpr const char* style = R"css(
:root { color-scheme: light dark; --ink: #1d2528; --soft: #55626a; --page: #eef2f0; --card: #fff;
  --line: #b9c4c0; --deed: #12653a; --on-deed: #fff; --bad: #a3221b; --ring: #1c6fd1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9efed; --soft: #aebab6; --page: #12181a;
  --card: #1c2427; --line: #56646a; --deed: #6fd39b; --on-deed: #0c2416; --bad: #ff9d94;
  --ring: #8ebcff; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(30rem, 100% - 2rem); margin: 0 auto; padding: clamp(1rem, 6vh, 4rem) 0 2rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1.5rem; overflow-wrap: anywhere; }
section + section { margin-top: 1rem; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 0 0 .5rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input[type=text], input[type=password], input[type=number], select { width: 100%;
  min-height: 2.75rem; padding: .6rem .75rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--soft); border-radius: .5rem; }
fieldset { margin: 0; padding: 0; border: 0; }
legend { padding: 0; font-weight: 600; }
.choice { display: flex; gap: .75rem; align-items: center; margin: .5rem 0; padding: .75rem;
  border: 1px solid var(--line); border-radius: .5rem; font-weight: 400; cursor: pointer; }
.choice input { width: 1.25rem; height: 1.25rem; flex: none; accent-color: var(--deed); }
.deeds { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.5rem; }
button { flex: 1 1 8rem; min-height: 2.75rem; padding: .5rem 1.25rem; font: inherit;
  font-weight: 600; color: var(--on-deed); background: var(--deed); border: 1px solid var(--deed);
  border-radius: .5rem; cursor: pointer; }
button.other { color: var(--ink); background: transparent; border-color: var(--soft); }
:focus-visible { outline: 3px solid var(--ring); outline-offset: 2px; }
.problem { margin: 0 0 1rem; padding: .75rem; border-left: .25rem solid var(--bad);
  color: var(--bad); font-weight: 600; }
ul { margin: 0 0 1rem; padding-left: 1.25rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .25rem .5rem .25rem 0; text-align: left; vertical-align: top; }
code { font-size: .9em; }
main.wide { width: min(76rem, 100% - 2rem); padding-top: clamp(1rem, 3vh, 2rem); }
header { margin-bottom: 1rem; }
header p { margin: 0; }
.sections { display: grid; gap: 1rem; grid-template-columns: repeat(12, 1fr); }
.sections > section { grid-column: 1 / -1; margin: 0; min-width: 0; scroll-margin-top: 1rem; }
.sections > .problem { grid-column: 1 / -1; margin: 0; background: var(--card); }
.sections h2 { margin-bottom: .75rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: 1rem; }
@media (min-width: 60rem) { .sections > .narrow { grid-column: span 5; }
  .sections > .broad { grid-column: span 7; } }
.clock { font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end; }
.row form, .fields form { margin: 0; }
.row button, td button, .plain button { flex: none; min-height: 2.25rem; padding: .25rem .875rem; }
.fields { display: grid; gap: .25rem .75rem; align-items: end;
  grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); }
.fields label { margin-top: .5rem; font-size: .875rem; }
.fields button { justify-self: start; min-width: 8rem; }
.switch { display: flex; gap: .75rem; align-items: flex-start; margin: .5rem 0; font-weight: 400; }
.switch input { width: 1.25rem; height: 1.25rem; flex: none; margin: .125rem 0 0;
  accent-color: var(--deed); }
table.grid th { padding: .5rem 1rem .5rem 0; color: var(--soft); font-size: .875rem;
  border-bottom: 1px solid var(--line); }
table.grid td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid var(--line); }
table.grid tr:last-child td { border-bottom: 0; }
table.grid tbody td:last-child { padding-right: 0; }
td.nowrap { white-space: nowrap; }
.good { color: var(--deed); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
table.grid + .row, .plain { margin-top: .75rem; }
details summary { cursor: pointer; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .125rem .75rem; margin: .5rem 0 0;
  font-size: .875rem; }
dt { color: var(--soft); }
dd { margin: 0; }
a { color: inherit; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
@media (max-width: 48rem) {
  section { padding: 1rem; }
  table.grid, table.grid tbody, table.grid tr, table.grid td { display: block; }
  table.grid thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
    clip-path: inset(50%); }
  table.grid tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  table.grid tr:last-child { border-bottom: 0; }
  table.grid td { display: grid; grid-template-columns: 7rem 1fr; gap: .5rem; padding: .125rem 0;
    border: 0; }
  table.grid td[data-label=""] { display: block; }
  table.grid td[data-label=""]::before { content: none; }
  table.grid td::before { content: attr(data-label); color: var(--soft); font-size: .875rem; }
}
)css";

http::Response whole_page(std::string_view title, const std::string& body) {
  http::Response response;
  response.headers.set("Content-Type", "text/html;charset=UTF-8");
  response.headers.set("Cache-Control", "no-store");
  // No form-action here: browsers apply it to the redirect that leads back to the application.
  response.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri "
                       "'none'");
  response.headers.set("Referrer-Policy", "no-referrer");
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>" +
      escape_html(title) +
      " – Sandbox</title><link rel=\"stylesheet\" href=\"/sandbox/style.css\"></head><body>" +
      body + "</body></html>";
  return response;
}

}  // namespace

std::string escape_html(std::string_view text) {
  return escape_xml(text);
}

std::string sandbox_notice() {
  return "<p class=\"soft small\">This is a sandbox, a local stand-in for Intuit: no real account, "
         "no real books.</p>";
}

http::Response html_page(int status, std::string_view title, const std::string& inside) {
  http::Response page = whole_page(
      title, "<main><section><h1>" + escape_html(title) + "</h1>" + inside + "</section></main>");
  page.status = status;
  return page;
}

http::Response wide_page(std::string_view title, const std::string& below,
                         const std::string& sections) {
  return whole_page(title, "<main class=\"wide\"><header><h1>" + escape_html(title) + "</h1>" +
                               below + "</header><div class=\"sections\">" + sections +
                               "</div></main>");
}

http::Response style_sheet() {
  return {200,
          {{"Content-Type", "text/css;charset=UTF-8"}, {"Cache-Control", "max-age=300"}},
          style,
          {}};
}

http::Response trouble_page(int status, std::string_view title, std::string_view what,
                            std::string_view next) {
  return html_page(
      status, title,
      "<p>" + escape_html(what) + "</p><p>" + escape_html(next) + "</p>" + sandbox_notice());
}

}  // namespace rekey::sandbox
