// Strict reading of JSON that a person wrote: a member that the type does not have is refused, not
// ignored. JSON that programs of several versions exchange is read with `read_as`.
//
// A struct may give `static constexpr auto also_called()`, an array of `Alias`: names that its
// members have in other systems.
#pragma once

#include <string>
#include <vector>

#include "core/wire/json.hpp"

namespace rekey::wire {

/// The name of a member in another system; it is refused all the same, and the real name told.
struct Alias {
  std::string_view elsewhere;
  std::string_view name;
};

/// A member that the type does not have.
struct UnknownMember {
  std::string at;     ///< where it stands: `customers[3].nmae`
  std::string meant;  ///< the nearest member there is; empty: there are none
};

/// A place in a document, put into words only when there is something to be said of it.
struct DocumentPlace {
  const DocumentPlace* in = nullptr;
  std::string_view member{};
  std::size_t item = 0;
};

/// Adds to `found` what an object has beside these members.
void find_strangers(const Json& json, const std::vector<std::string_view>& members,
                    const std::vector<Alias>& aliases, const DocumentPlace* place,
                    std::vector<UnknownMember>& found);

/// The sentence about what is not known: `kind` "member", `what` "The directory".
std::string in_words(std::string_view kind, std::string_view what,
                     const std::vector<UnknownMember>& found);

template <class T>
struct Inside {
  static constexpr int kind = 0;
};
template <class T>
struct Inside<std::optional<T>> {
  static constexpr int kind = 1;
  using Type = T;
};
template <class T>
struct Inside<std::vector<T>> {
  static constexpr int kind = 2;
  using Type = T;
};
template <class... T>
struct Inside<std::variant<T...>> {
  static constexpr int kind = 3;
};

template <class T>
concept Made = requires {
  T::fields();
};

template <class T>
void look_for_strangers(const Json& json, const DocumentPlace* place,
                        std::vector<UnknownMember>& found);

template <class T>
void look_into_members(const Json& json, const DocumentPlace* place,
                       std::vector<UnknownMember>& found) {
  static const auto members = [] {
    std::vector<std::string_view> names;
    if constexpr (Tagged<T>) names.push_back("type");
    std::apply([&](const auto&... each) { (names.push_back(each.name), ...); }, T::fields());
    return names;
  }();
  static const auto aliases = [] {
    std::vector<Alias> known;
    if constexpr (requires { T::also_called(); })
      for (const auto& each : T::also_called()) known.push_back(each);
    return known;
  }();
  find_strangers(json, members, aliases, place, found);
  const auto look = [&]<class F>(const F& field) {
    const auto at = json.find(std::string(field.name));
    if (at == json.end()) return;
    const DocumentPlace here{place, field.name};
    using M = std::decay_t<decltype(std::declval<T>().*(field.member))>;
    look_for_strangers<M>(*at, &here, found);
  };
  std::apply([&](const auto&... each) { (look(each), ...); }, T::fields());
}

template <class... T>
void look_into_variant(const std::variant<T...>*, const Json& json, const DocumentPlace* place,
                       std::vector<UnknownMember>& found) {
  const auto type = text_at(json, "type");
  (void)((type == T::type && (look_for_strangers<T>(json, place, found), true)) || ...);
}

template <class T>
void look_for_strangers(const Json& json, const DocumentPlace* place,
                        std::vector<UnknownMember>& found) {
  if constexpr (Inside<T>::kind == 1) {
    look_for_strangers<typename Inside<T>::Type>(json, place, found);
  } else if constexpr (Inside<T>::kind == 2) {
    if (!json.is_array()) return;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const DocumentPlace here{place, {}, i};
      look_for_strangers<typename Inside<T>::Type>(json[i], &here, found);
    }
  } else if constexpr (Inside<T>::kind == 3) {
    look_into_variant(static_cast<const T*>(nullptr), json, place, found);
  } else if constexpr (Made<T>) {
    if (json.is_object()) look_into_members<T>(json, place, found);
  }
}

/// The members of a document that a T does not have, at every depth.
template <class T>
std::vector<UnknownMember> strangers(const Json& json) {
  std::vector<UnknownMember> found;
  look_for_strangers<T>(json, nullptr, found);
  return found;
}

/// Reads a whole value, and refuses members that it does not have (Code::unknown_member).
template <class T>
Result<T> read_strictly_as(const Json& json, std::string_view what) {
  if (const auto found = strangers<T>(json); !found.empty())
    return fail(Code::unknown_member, in_words("member", what, found) + " Nothing was changed.");
  return read_as<T>(json, what);
}

}  // namespace rekey::wire
