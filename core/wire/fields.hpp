// How a type says what it is made of, so that JSON, printing and the graph need no code per type.
//
// A struct gives `static constexpr std::string_view type` (only when it is one of several in a
// variant) and `static constexpr auto fields()`, a tuple of `field("name", &Struct::member)`.
// An enum gives an overload `names_of(E)`: the names of its enumerators, in order from 0.
#pragma once

#include <array>
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

/// The text name of an enumerator.
template <class E>
constexpr std::string_view name_of(E value) {
  return names_of(value)[static_cast<std::size_t>(value)];
}

}  // namespace rekey::wire
