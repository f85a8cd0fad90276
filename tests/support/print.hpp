// States, events, effects and everything else that states its fields print as JSON in failed tests.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <catch2/catch_tostring.hpp>
#include <string>

#include "core/wire/machine.hpp"

namespace rekey::test {

template <class T>
concept Stated = requires {
  T::fields();
};
template <class T>
concept Named = std::is_enum_v<T> && requires(T value) {
  names_of(value);
};

/// One line of JSON.
template <class T>
std::string line(const T& value) {
  return wire::text_of(value);
}

}  // namespace rekey::test

namespace Catch {

template <rekey::test::Stated T>
struct StringMaker<T> {
  static std::string convert(const T& value) { return rekey::test::line(value); }
};
template <rekey::test::Named T>
struct StringMaker<T> {
  static std::string convert(T value) { return std::string(rekey::wire::name_of(value)); }
};
template <class... T>
struct StringMaker<std::variant<T...>> {
  static std::string convert(const std::variant<T...>& value) { return rekey::test::line(value); }
};
template <class T>
struct StringMaker<std::optional<T>> {
  static std::string convert(const std::optional<T>& value) {
    return value ? StringMaker<T>::convert(*value) : "none";
  }
};
template <>
struct StringMaker<rekey::Instant> {
  static std::string convert(rekey::Instant value) { return std::to_string(rekey::to_ms(value)); }
};

}  // namespace Catch
