// One combobox in one pass: what its behaviour (combobox.cpp) and its list (combobox_list.cpp)
// share.
#pragma once

#include <optional>
#include <string>

#include "web/widget/state.hpp"

namespace rekey::web {

inline constexpr float combobox_padding = 4;
inline constexpr float combobox_max_height = 336;

/// What the combobox was given, and the list that is open under it, if it is.
struct ComboboxPass {
  Ui::State& s;
  const Combobox& box;
  Id id;
  Id list_id;
  int selected;  ///< index into the options; -1: nothing, or what is not among them
  float row_height;
  std::optional<std::string> chosen = {};

  bool is_open() const { return s.combobox.id == id; }
  OpenCombobox& open_one() const { return s.combobox; }
  int count() const { return static_cast<int>(open_one().rows.size()); }
  int index_in(int row) const { return open_one().rows[static_cast<std::size_t>(row)]; }
  Layer& list() const { return s.layers[list_id]; }
  const Option* option(int index) const {
    return index < 0 ? nullptr : &box.options[static_cast<std::size_t>(index)];
  }
  std::string_view label(int index) const {
    return index < 0 ? box.none_label : std::string_view(option(index)->label);
  }
  /// What the options call the value of "none": nothing.
  std::string_view value(int index) const {
    return index < 0 ? std::string_view() : std::string_view(option(index)->value);
  }
  Id option_id(int index) const {
    return s.id(std::string(std::to_string(list_id)).append("/").append(value(index)));
  }
  /// The last line: what it says of the list as a whole.
  std::string_view note() const {
    return box.note.empty() && count() == 0 ? box.nothing_found : box.note;
  }
  float content() const {
    const int lines = count() + (note().empty() ? 0 : 1);
    return static_cast<float>(lines) * row_height + 2 * combobox_padding;
  }
};

/// Paints the open list below (or above) its field, and states it in the mirror.
void paint_combobox_list(const ComboboxPass& pass, const Rect& field);

}  // namespace rekey::web
