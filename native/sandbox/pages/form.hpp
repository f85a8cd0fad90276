// What the front page is put together from: sections, tables and forms.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace rekey::sandbox {

/// A table with its headings; the cells are HTML. On a narrow screen each row becomes a list, in
/// which the headings stand before the cells.
struct Table {
  std::vector<std::string> headings;
  std::vector<std::vector<std::string>> rows;
  std::string html() const;
};

using Fields = std::vector<std::pair<std::string, std::string>>;
/// Values and what is shown for them.
using Choices = std::vector<std::pair<std::string, std::string>>;

/// A section with a heading. `kind` is a class of the style sheet, or empty.
std::string section(const std::string& id, const std::string& title, const std::string& kind,
                    const std::string& inside);
/// The beginning of a form that is sent to a control and comes back to a section.
std::string form_start(const std::string& control, const std::string& back_to);
/// A form that is one button. `of_what` is added for screen readers, which do not see where the
/// button stands.
std::string deed(const std::string& control, const Fields& fields, const std::string& title,
                 const std::string& of_what = {}, const std::string& back_to = {});
/// A labelled field; `prefix` keeps its id from being that of another form's.
std::string select(const std::string& name, const std::string& label, const Choices& choices,
                   const std::string& chosen, const std::string& prefix = {});
std::string number(const std::string& name, const std::string& label, const std::string& value,
                   const std::string& least, const std::string& most,
                   const std::string& prefix = {}, const std::string& step = "1");

}  // namespace rekey::sandbox
