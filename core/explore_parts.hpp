// Shared by the explorations of the machines and by their drawings.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace rekey::explore {

/// What an exploration came to.
struct Numbers {
  std::size_t states = 0;
  std::size_t steps = 0;
  std::size_t refused = 0;
};

/// The name of the alternative that a variant holds.
template <class Variant>
std::string type_of(const Variant& value) {
  return std::visit(
      [](const auto& each) { return std::string(std::decay_t<decltype(each)>::type); }, value);
}

/// Texts in a row, with this between any two.
template <class Texts>
std::string joined(const Texts& texts, std::string_view joint) {
  std::string out;
  for (const auto& each : texts) {
    if (!out.empty()) out += joint;
    out += each;
  }
  return out;
}

}  // namespace rekey::explore
