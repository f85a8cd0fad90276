// What text fields and comboboxes have in common: a label above, a frame, words of help below.
#pragma once

#include <string>
#include <string_view>

#include "web/widget/state.hpp"

namespace rekey::web {

struct FieldFrame {
  Id id = 0;
  std::string_view name;
  bool show_name = true;
  std::string_view hint, error;
  bool disabled = false;
  float width = 0;
};

/// Opens the field and paints its label and frame; gives the frame's place.
Rect open_field(Ui::State& state, const FieldFrame& field);
/// Says on the input's element what the frame shows.
void describe_field(Ui::State& state, const FieldFrame& field, Node& node);
/// Paints the help and ends the field.
void close_field(Ui::State& state, const FieldFrame& field);
/// Paints what an input holds while the browser does not (it does when it has the focus).
void paint_value(Ui::State& state, const Control& control, const Rect& room, std::string_view value,
                 std::string_view placeholder, bool disabled);

}  // namespace rekey::web
