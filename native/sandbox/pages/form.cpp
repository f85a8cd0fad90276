#include "native/sandbox/pages/form.hpp"

#include "native/sandbox/pages/html.hpp"

namespace rekey::sandbox {

namespace {

std::string label(const std::string& id, const std::string& text) {
  return "<label for=\"" + id + "\">" + escape_html(text) + "</label>";
}

std::string hidden(const std::string& name, const std::string& value) {
  return "<input type=\"hidden\" name=\"" + name + "\" value=\"" + escape_html(value) + "\">";
}

}  // namespace

// The roles are those that the elements have anyway, until a narrow screen displays them otherwise.
std::string Table::html() const {
  std::string out =
      "<table class=\"grid\" role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">";
  for (const std::string& heading : headings)
    out += "<th scope=\"col\" role=\"columnheader\">" +
           (heading.empty() ? "<span class=\"hidden\">To do</span>" : escape_html(heading)) +
           "</th>";
  out += "</tr></thead><tbody role=\"rowgroup\">";
  for (const auto& row : rows) {
    out += "<tr role=\"row\">";
    for (std::size_t i = 0; i < row.size(); ++i)
      out += "<td role=\"cell\" data-label=\"" + escape_html(headings.at(i)) + "\"><div>" + row[i] +
             "</div></td>";
    out += "</tr>";
  }
  return out + "</tbody></table>";
}

std::string section(const std::string& id, const std::string& title, const std::string& kind,
                    const std::string& inside) {
  return "<section id=\"" + id + "\" aria-labelledby=\"" + id + "-title\" class=\"" + kind +
         "\"><h2 id=\"" + id + "-title\">" + escape_html(title) + "</h2>" + inside + "</section>";
}

std::string form_start(const std::string& control, const std::string& back_to) {
  return "<form method=\"post\" action=\"/sandbox/" + control + "\">" + hidden("section", back_to);
}

std::string deed(const std::string& control, const Fields& fields, const std::string& title,
                 const std::string& of_what, const std::string& back_to) {
  std::string out = form_start(control, back_to.empty() ? control : back_to);
  for (const auto& [name, value] : fields) out += hidden(name, value);
  out += "<button class=\"other\" type=\"submit\">" + escape_html(title);
  if (!of_what.empty()) out += "<span class=\"hidden\"> " + escape_html(of_what) + "</span>";
  return out + "</button></form>";
}

std::string select(const std::string& name, const std::string& text, const Choices& choices,
                   const std::string& chosen, const std::string& prefix) {
  std::string out = "<div>" + label(prefix + name, text) + "<select id=\"" + prefix + name +
                    "\" name=\"" + name + "\">";
  for (const auto& [value, shown] : choices)
    out += "<option value=\"" + escape_html(value) + "\"" + (value == chosen ? " selected" : "") +
           ">" + escape_html(shown) + "</option>";
  return out + "</select></div>";
}

std::string number(const std::string& name, const std::string& text, const std::string& value,
                   const std::string& least, const std::string& most, const std::string& prefix,
                   const std::string& step) {
  return "<div>" + label(prefix + name, text) + "<input type=\"number\" id=\"" + prefix + name +
         "\" name=\"" + name + "\" min=\"" + least + "\" max=\"" + most + "\" step=\"" + step +
         "\" value=\"" + escape_html(value) + "\"></div>";
}

}  // namespace rekey::sandbox
