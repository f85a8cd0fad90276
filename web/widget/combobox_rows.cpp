#include "web/widget/combobox_rows.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "web/platform/script_canvas.hpp"

namespace rekey::web {
namespace {

std::string fold(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    // Anything but ASCII needs the browser, which knows cases and accents of every script.
    if (static_cast<unsigned char>(c) >= 0x80) return script_canvas::fold(text);
    result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return result;
}

// Many comboboxes share one vector of options: its folded labels are kept until another comes.
struct Folded {
  const Option* data = nullptr;
  std::size_t size = 0;
  int revision = 0;
  std::vector<std::string> labels;
  std::vector<std::string> details;
};

const Folded& folded(const Combobox& combobox) {
  static Folded kept;
  const auto& options = combobox.options;
  if (kept.data != options.data() || kept.size != options.size() ||
      kept.revision != combobox.revision) {
    kept = {options.data(), options.size(), combobox.revision, {}, {}};
    for (const Option& option : options) {
      kept.labels.push_back(fold(option.label));
      kept.details.push_back(fold(option.detail));
    }
  }
  return kept;
}

enum Rank { begins, word_begins, contains, nowhere };

Rank rank(const std::string& label, const std::string& detail, const std::string& wanted) {
  const std::size_t at = label.find(wanted);
  if (at == 0) return begins;
  if (at != std::string::npos) {
    return label.find(" " + wanted) != std::string::npos ? word_begins : contains;
  }
  return detail.find(wanted) != std::string::npos ? contains : nowhere;
}

std::vector<int> unfiltered(const Combobox& combobox) {
  std::vector<int> rows;
  rows.reserve(combobox.options.size() + 1);
  std::vector<bool> listed(combobox.options.size(), false);
  if (!combobox.none_label.empty()) rows.push_back(-1);
  for (const std::string& value : combobox.suggested) {
    const int index = index_of(combobox, value, -1);
    if (index < 0 || listed[static_cast<std::size_t>(index)]) continue;
    listed[static_cast<std::size_t>(index)] = true;
    rows.push_back(index);
  }
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (!listed[i]) rows.push_back(static_cast<int>(i));
  }
  return rows;
}

}  // namespace

int index_of(const Combobox& combobox, std::string_view value, int guess) {
  const auto& options = combobox.options;
  if (value.empty()) return -1;
  const auto at = static_cast<std::size_t>(guess);
  if (guess >= 0 && at < options.size() && options[at].value == value) return guess;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (options[i].value == value) return static_cast<int>(i);
  }
  return -1;
}

std::vector<int> rows_of(const Combobox& combobox, std::string_view filter) {
  if (combobox.looked_up) {
    std::vector<int> rows(combobox.options.size());
    std::iota(rows.begin(), rows.end(), 0);
    return rows;
  }
  std::string wanted = fold(filter);
  while (!wanted.empty() && wanted.back() == ' ') wanted.pop_back();
  if (wanted.empty()) return unfiltered(combobox);
  const Folded& words = folded(combobox);
  std::array<std::vector<int>, nowhere> found;
  for (std::size_t i = 0; i < words.labels.size(); ++i) {
    const Rank place = rank(words.labels[i], words.details[i], wanted);
    if (place != nowhere) found[place].push_back(static_cast<int>(i));
  }
  std::vector<int> rows = std::move(found[begins]);
  for (const Rank place : {word_begins, contains}) {
    rows.insert(rows.end(), found[place].begin(), found[place].end());
  }
  return rows;
}

}  // namespace rekey::web
