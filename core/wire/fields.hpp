// How a type says what it is made of, so that JSON, printing and the graph need no code per type.
//
// A struct gives `static constexpr std::string_view type` (only when it is one of several in a
// variant) and `static constexpr auto fields()`, a tuple of `field("name", &Struct::member)`.
// An enum gives an overload `names_of(E)`: the names of its enumerators, in order from 0. A table
// that has not exactly one name for each does not compile.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <tuple>

namespace rekey::wire {

template <class Struct, class Member>
struct Field {
  std::string_view name;
  Member Struct::*member;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member) {
  return {name, member};
}

/// A field that most values have nothing in: it is left out of their JSON then, and may be missing
/// when that is read. What was written before there was such a field reads and writes as it did.
template <class Struct, class Member>
struct RareField {
  std::string_view name;
  Member Struct::*member;
  static constexpr bool rare = true;
};

template <class Struct, class Member>
constexpr RareField<Struct, Member> rare_field(std::string_view name, Member Struct::*member) {
  return {name, member};
}

/// Whether a value is one of its type's enumerators. In the text of this function's own signature a
/// compiler writes an enumerator by its name, and any other value as a cast: "(rekey::Note)23]".
template <class E, E value>
consteval bool is_enumerator() {
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_suffix(1);
  return text[text.find_last_not_of("-0123456789")] != ')';
}

/// Whether `names_of` gives one name for each enumerator: none is missing, none is too many.
template <class E>
consteval bool has_all_names() {
  constexpr auto names = names_of(E{});
  constexpr auto count = names.size();
  return is_enumerator<E, static_cast<E>(count - 1)>() &&
         !is_enumerator<E, static_cast<E>(count)>() &&
         std::none_of(names.begin(), names.end(), [](auto name) { return name.empty(); });
}

/// The text name of an enumerator. A number that is none of them is a mistake of ours: it throws
/// std::out_of_range, and ends a program that has no exceptions.
template <class E>
constexpr std::string_view name_of(E value) {
  static_assert(has_all_names<E>(), "names_of(E) gives one name for each enumerator of E");
  return names_of(value).at(static_cast<std::size_t>(value));
}

/// Every enumerator of E, in order.
template <class E>
inline constexpr auto all_of = [] {
  static_assert(has_all_names<E>(), "names_of(E) gives one name for each enumerator of E");
  std::array<E, names_of(E{}).size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<E>(i);
  return out;
}();

/// The enumerator of this name, if there is one.
template <class E>
constexpr std::optional<E> enumerator_of(std::string_view name) {
  static_assert(has_all_names<E>(), "names_of(E) gives one name for each enumerator of E");
  const auto names = names_of(E{});
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return {};
  return static_cast<E>(at - names.begin());
}

}  // namespace rekey::wire
