// JSON Schema of every type that states its fields, as the components of an OpenAPI description:
// what `wire::write` gives for a value is what the schema of its type says.
#pragma once

#include <cxxabi.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <typeinfo>

#include "core/wire/page.hpp"

namespace rekey::test {

using Ordered = nlohmann::ordered_json;

/// What a variant is called in the description; variants without a name stand where they are used.
template <class V>
constexpr const char* variant_name = nullptr;
template <>
inline constexpr const char* variant_name<Event> = "Event";
template <>
inline constexpr const char* variant_name<connect::Phase> = "ConnectPhase";
template <>
inline constexpr const char* variant_name<connect::Origin> = "ConnectOrigin";
template <>
inline constexpr const char* variant_name<imports::Phase> = "ImportsPhase";
template <>
inline constexpr const char* variant_name<save::Phase> = "SavePhase";

/// "rekey::connect::Linked" is called ConnectLinked, "rekey::wire::Actor" just Actor.
template <class T>
std::string component_name() {
  int failed = 0;
  char* demangled = abi::__cxa_demangle(typeid(T).name(), nullptr, nullptr, &failed);
  const std::string whole = failed == 0 ? demangled : "";
  std::free(demangled);
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    const auto end = std::min(whole.find("::", at), whole.size());
    auto part = whole.substr(at, end - at);
    at = end + 2;
    if (part == "rekey" || part == "wire") continue;
    if (part[0] >= 'a' && part[0] <= 'z') part[0] = static_cast<char>(part[0] - 'a' + 'A');
    out += part;
  }
  return out;
}

/// Collects the schemas of types and of all that they are made of.
class Schemas {
 public:
  /// The schema of a T where it is used: what it is, or a reference to its component.
  template <class T>
  Ordered of() {
    return of(static_cast<const T*>(nullptr));
  }
  const std::map<std::string, Ordered>& components() const { return components_; }

 private:
  static Ordered reference(const std::string& name) {
    return {{"$ref", "#/components/schemas/" + name}};
  }

  Ordered of(const std::string*) { return {{"type", "string"}}; }
  Ordered of(const bool*) { return {{"type", "boolean"}}; }
  Ordered of(const std::int64_t*) { return {{"type", "integer"}, {"format", "int64"}}; }
  Ordered of(const double*) { return {{"type", "number"}}; }
  Ordered of(const wire::Json*) { return Ordered::object(); }
  Ordered of(const Instant*) {
    return {
        {"type", "integer"}, {"format", "int64"}, {"description", "Milliseconds since 1970, UTC."}};
  }

  template <class T>
  Ordered of(const std::optional<T>*) {
    auto inner = of<T>();
    if (inner.contains("type") && inner["type"].is_string()) {
      inner["type"] = Ordered::array({inner["type"], "null"});
      return inner;
    }
    return {{"oneOf", Ordered::array({inner, {{"type", "null"}}})}};
  }

  template <class T>
  Ordered of(const std::vector<T>*) {
    return {{"type", "array"}, {"items", of<T>()}};
  }

  template <class... T>
  Ordered of(const std::variant<T...>*) {
    using V = std::variant<T...>;
    const auto build = [&] {
      Ordered mapping, one_of = Ordered::array();
      const auto add = [&](std::string_view type, const Ordered& schema) {
        one_of.push_back(schema);
        mapping[std::string(type)] = schema["$ref"];
      };
      (add(T::type, of<T>()), ...);
      return Ordered{{"oneOf", one_of},
                     {"discriminator", {{"propertyName", "type"}, {"mapping", mapping}}}};
    };
    if constexpr (variant_name<V> == nullptr)
      return build();
    else
      return component(variant_name<V>, build);
  }

  template <class T>
  Ordered of(const T*) {
    if constexpr (std::is_enum_v<T>) {
      return component(component_name<T>(), [] {
        Ordered names = Ordered::array();
        for (const auto each : names_of(T{})) names.push_back(std::string(each));
        return Ordered{{"type", "string"}, {"enum", names}};
      });
    } else {
      return component(component_name<T>(), [&] {
        Ordered required = Ordered::array(), properties = Ordered::object();
        const auto add = [&](std::string_view name, const Ordered& schema) {
          required.push_back(std::string(name));
          properties[std::string(name)] = schema;
        };
        if constexpr (wire::Tagged<T>)
          add("type", {{"type", "string"}, {"const", std::string(T::type)}});
        const auto member = [&]<class Field>(const Field& field) {
          using M = std::decay_t<decltype(std::declval<T>().*(field.member))>;
          add(field.name, of<M>());
          // Written only when there is something in it.
          if constexpr (requires { Field::rare; }) required.erase(required.size() - 1);
        };
        std::apply([&](const auto&... each) { (member(each), ...); }, T::fields());
        Ordered out{{"type", "object"}};
        if (!required.empty()) out["required"] = required;
        out["properties"] = properties;
        return out;
      });
    }
  }

  template <class Build>
  Ordered component(const std::string& name, Build&& build) {
    if (!components_.contains(name)) {
      components_[name] = {};  // a type that holds itself refers to this one
      auto schema = build();
      schema["x-generated"] = true;
      components_[name] = std::move(schema);
    }
    return reference(name);
  }

  std::map<std::string, Ordered> components_;
};

}  // namespace rekey::test
