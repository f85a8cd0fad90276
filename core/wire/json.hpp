// JSON of every type that states its fields: written the same way natively and in WebAssembly, byte
// for byte, and read with a sentence that names the place when something is not as it should be.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::wire {

using Json = nlohmann::json;

/// Parses text into JSON without throwing; `what` names the document in the error ("the request").
Result<Json> parse(std::string_view text, std::string_view what);

/// Writes JSON; text that is not UTF-8 is replaced rather than refused.
std::string dump(const Json& json);

/// The text a member of an object has; empty when there is none, or it is not a text. For documents
/// of others, which may have anything in them.
std::string text_at(const Json& json, const char* name);

// Writing ---------------------------------------------------------------------------------------

inline Json write(const std::string& value) {
  return value;
}
inline Json write(bool value) {
  return value;
}
inline Json write(std::int64_t value) {
  return value;
}
inline Json write(double value) {
  return value;
}
inline Json write(Instant value) {
  return to_ms(value);
}
inline Json write(Millis value) {
  return value.count();
}
inline Json write(const Json& value) {
  return value;
}
inline Json write(const std::map<std::string, std::string>& value) {
  return Json(value);
}

template <class T>
Json write(const T& value);
template <class T>
Json write(const std::optional<T>& value);
template <class T>
Json write(const std::vector<T>& value);
template <class... T>
Json write(const std::variant<T...>& value);

template <class T>
concept Tagged = requires {
  T::type;
};

/// Puts one field of a struct into its object; a rare one only when there is something in it.
template <class T, class F>
void write_field(Json& out, const T& value, const F& field) {
  const auto& member = value.*(field.member);
  if constexpr (requires { F::rare; })
    if (member == std::decay_t<decltype(member)>{}) return;
  out[std::string(field.name)] = write(member);
}

template <class T>
Json write(const T& value) {
  if constexpr (std::is_enum_v<T>) {
    return std::string(name_of(value));
  } else {
    Json out = Json::object();
    if constexpr (Tagged<T>) out["type"] = std::string(T::type);
    std::apply([&](const auto&... each) { (write_field(out, value, each), ...); }, T::fields());
    return out;
  }
}

template <class T>
Json write(const std::optional<T>& value) {
  return value ? write(*value) : Json(nullptr);
}

template <class T>
Json write(const std::vector<T>& value) {
  Json out = Json::array();
  for (const auto& each : value) out.push_back(write(each));
  return out;
}

template <class... T>
Json write(const std::variant<T...>& value) {
  return std::visit([](const auto& each) { return write(each); }, value);
}

/// The text of its JSON.
template <class T>
std::string text_of(const T& value) {
  return dump(write(value));
}

// Reading ---------------------------------------------------------------------------------------
// Each overload gives false and says in `wrong` what was wrong, starting with the place.

bool read(const Json& json, std::string& out, std::string& wrong);
bool read(const Json& json, bool& out, std::string& wrong);
bool read(const Json& json, std::int64_t& out, std::string& wrong);
bool read(const Json& json, double& out, std::string& wrong);
bool read(const Json& json, Instant& out, std::string& wrong);
bool read(const Json& json, Millis& out, std::string& wrong);
inline bool read(const Json& json, Json& out, std::string&) {
  out = json;
  return true;
}
/// An object whose members are all texts; null is one without a member.
bool read(const Json& json, std::map<std::string, std::string>& out, std::string& wrong);

template <class T>
bool read(const Json& json, T& out, std::string& wrong);
template <class T>
bool read(const Json& json, std::optional<T>& out, std::string& wrong);
template <class T>
bool read(const Json& json, std::vector<T>& out, std::string& wrong);
template <class... T>
bool read(const Json& json, std::variant<T...>& out, std::string& wrong);

/// Reads one named field of an object; a missing one is read as null.
template <class T>
bool read_field(const Json& json, std::string_view name, T& out, std::string& wrong) {
  static const Json null = nullptr;
  const auto at = json.find(std::string(name));
  if (read(at == json.end() ? null : *at, out, wrong)) return true;
  wrong = std::string(name) + (wrong.empty() || wrong.front() == ' ' ? "" : ".") + wrong;
  return false;
}

/// Reads a field of a struct; a rare one may be missing and is empty then.
template <class T, class F>
bool read_member(const Json& json, const F& field, T& out, std::string& wrong) {
  auto& member = out.*(field.member);
  if constexpr (requires { F::rare; }) {
    if (json.find(std::string(field.name)) == json.end()) {
      member = {};
      return true;
    }
  }
  return read_field(json, field.name, member, wrong);
}

template <class T>
bool read(const Json& json, T& out, std::string& wrong) {
  if constexpr (std::is_enum_v<T>) {
    if (json.is_string()) {
      if (const auto known = enumerator_of<T>(json.template get_ref<const std::string&>())) {
        out = *known;
        return true;
      }
    }
    wrong = " is not one of the names it may have";
    return false;
  } else {
    if (!json.is_object()) {
      wrong = " is not an object";
      return false;
    }
    return std::apply(
        [&](const auto&... each) { return (read_member(json, each, out, wrong) && ...); },
        T::fields());
  }
}

template <class T>
bool read(const Json& json, std::optional<T>& out, std::string& wrong) {
  out.reset();
  if (json.is_null()) return true;
  return read(json, out.emplace(), wrong);
}

template <class T>
bool read(const Json& json, std::vector<T>& out, std::string& wrong) {
  out.clear();
  if (!json.is_array()) {
    wrong = " is not a list";
    return false;
  }
  for (const auto& each : json)
    if (!read(each, out.emplace_back(), wrong)) return false;
  return true;
}

template <class... T>
bool read(const Json& json, std::variant<T...>& out, std::string& wrong) {
  std::string type;
  if (!json.is_object() || !read_field(json, "type", type, wrong)) {
    wrong = " is not an object with a \"type\"";
    return false;
  }
  bool known = false;
  bool good = false;
  // Only the alternative of that name is made and read.
  (void)((type == T::type &&
          (known = true, good = read(json, out.template emplace<T>(), wrong), true)) ||
         ...);
  if (!known) wrong = " has the unknown type \"" + type.substr(0, 40) + "\"";
  return good;
}

/// Reads a whole value; `what` names it in the error ("the event").
template <class T>
Result<T> read_as(const Json& json, std::string_view what) {
  T out{};
  std::string wrong;
  if (read(json, out, wrong)) return out;
  const bool at_root = !wrong.empty() && wrong.front() == ' ';
  return fail(Code::bad_input, std::string(what) + " cannot be read: " + (at_root ? "it" : "") +
                                   wrong + ". Nothing was changed.");
}

}  // namespace rekey::wire

// REKEY_WIRE(extern, T), in namespace rekey::wire of a header: reading and writing a T is compiled
// once, in core, and not again in each file that does it. REKEY_WIRE(, T) in a .cpp of core is that
// one place. For the large types only: what costs to compile is everything that they are made of.
#define REKEY_WIRE(where, ...)                                       \
  where template Json write(const __VA_ARGS__&);                     \
  where template std::string text_of(const __VA_ARGS__&);            \
  where template bool read(const Json&, __VA_ARGS__&, std::string&); \
  where template Result<__VA_ARGS__> read_as<__VA_ARGS__>(const Json&, std::string_view)
