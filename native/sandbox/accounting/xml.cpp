#include "native/sandbox/accounting/xml.hpp"

#include <algorithm>
#include <pugixml.hpp>

#include "native/sandbox/accounting/answers.hpp"
#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/text/escape.hpp"
#include "native/sandbox/text/json.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

bool is_attribute(const std::string& name) {
  static constexpr std::string_view attributes[] = {
      "domain", "sparse", "status", "bId", "startPosition", "maxResults", "totalCount"};
  return std::find(std::begin(attributes), std::end(attributes), name) != std::end(attributes);
}

std::string plain(const json& value) {
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

std::string attribute(const std::string& name, const json& value) {
  return " " + name + "=\"" + escape_xml(plain(value)) + "\"";
}

bool is_fault(const json& value) {
  if (!value.is_object() || !value.contains("type") || !value.contains("Error")) return false;
  const json& errors = value["Error"];
  return errors.is_array() && std::all_of(errors.begin(), errors.end(), [](const json& error) {
           return error.is_object() && error.contains("Message") && error.contains("Detail") &&
                  error.contains("code") && error.contains("element");
         });
}

/// A fault has attributes of its own, and its elements in an order.
std::string fault_to_xml(const json& fault) {
  std::string xml = "<Fault" + attribute("type", fault["type"]) + ">";
  for (const json& error : fault["Error"]) {
    xml += "<Error" + attribute("code", error["code"]);
    if (error["element"] != json("")) xml += attribute("element", error["element"]);
    xml += ">" + to_xml("Message", error["Message"]) + to_xml("Detail", error["Detail"]);
    xml += "</Error>";
  }
  return xml + "</Fault>";
}

/// Whether a member can be an element: what a program sent may have members of any name.
bool is_element_name(const std::string& name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '.'; });
}

/// The name without its prefix: clients choose any for the schema's namespace.
std::string local_name(const char* name) {
  const std::string_view whole = name;
  return std::string(whole.substr(whole.find(':') + 1));
}

std::string text_of(const pugi::xml_node& element) {
  std::string out;
  for (const auto& part : element.children())
    if (part.type() == pugi::node_pcdata || part.type() == pugi::node_cdata) out += part.value();
  return out;
}

/// xsi:nil, which empties a property as null does in JSON.
bool is_nil(const pugi::xml_node& element) {
  for (const auto& one : element.attributes())
    if (local_name(one.name()) == "nil" && one.as_bool()) return true;
  return false;
}

json reference_of(const pugi::xml_node& element) {
  json out = {{"value", text_of(element)}};
  if (const auto name = element.attribute("name")) out["name"] = name.value();
  return out;
}

/// What comes again under the same name is a list.
void add(json& object, const std::string& name, json value) {
  const auto there = object.find(name);
  if (there == object.end()) {
    object[name] = std::move(value);
  } else {
    if (!there->is_array()) *there = json::array({*there});
    there->push_back(std::move(value));
  }
}

/// Attributes that are not XML's own.
void add_attributes(json& object, const pugi::xml_node& element) {
  for (const auto& one : element.attributes()) {
    const std::string name = one.name();
    if (!name.starts_with("xmlns") && name.find(':') == name.npos) add(object, name, one.value());
  }
}

/// An element of which the schema here says nothing: within addresses, preferences and the like.
json nested(const pugi::xml_node& element) {
  if (is_nil(element)) return nullptr;
  if (local_name(element.name()).ends_with("Ref")) return reference_of(element);
  json object = json::object();
  add_attributes(object, element);
  for (const auto& child : element.children())
    if (child.type() == pugi::node_element) add(object, local_name(child.name()), nested(child));
  if (!object.empty()) return object;
  auto text = text_of(element);
  if (text == "true" || text == "false") return text == "true";
  return text;
}

json property_of(const pugi::xml_node& element, const Property* property) {
  if (is_nil(element)) return nullptr;
  if (!property) return nested(element);
  switch (property->shape) {
    case Shape::reference:
      return reference_of(element);
    case Shape::object: {
      auto object = nested(element);
      return object.is_object() ? object : json::object();
    }
    case Shape::list:
      return nested(element);
    case Shape::text:
    case Shape::flag:
    case Shape::number:
      break;
  }
  return text_of(element);
}

json record_of(const pugi::xml_node& element, Entity entity) {
  json record = json::object();
  add_attributes(record, element);
  for (const auto& child : element.children()) {
    if (child.type() != pugi::node_element) continue;
    const auto name = local_name(child.name());
    const Property* property = property_named(entity, name);
    auto value = property_of(child, property);
    // A list is one also where it has one item only.
    const bool starts_list =
        property && property->shape == Shape::list && !value.is_null() && !record.contains(name);
    add(record, name, starts_list ? json::array({std::move(value)}) : std::move(value));
  }
  return record;
}

/// The root element of a document; none if it is not well-formed, or is nested so deeply that
/// walking through it would exhaust the stack. Entities that a document declares are not looked at.
pugi::xml_node root_of(pugi::xml_document& document, std::string_view text) {
  struct Depth : pugi::xml_tree_walker {
    bool for_each(pugi::xml_node&) override { return depth() < deepest_nesting; }
  } depth;
  if (!document.load_buffer(text.data(), text.size()) || !document.traverse(depth)) return {};
  return document.document_element();
}

/// With the characters replaced that are no UTF-8: XML can name them by number.
json in_utf8(const json& value) {
  return json::parse(json_text(value));
}

}  // namespace

std::string to_xml(const std::string& name, const json& value) {
  if (value.is_array()) {
    std::string xml;
    for (const json& one : value) xml += to_xml(name, one);
    return xml;
  }
  if (name == "Fault" && is_fault(value)) return fault_to_xml(value);
  if (!value.is_object()) return "<" + name + ">" + escape_xml(plain(value)) + "</" + name + ">";
  // A reference is its id, with the name beside it.
  if (value.contains("value") && value.size() <= 2) {
    std::string xml = "<" + name;
    if (value.contains("name")) xml += attribute("name", value["name"]);
    return xml + ">" + escape_xml(plain(value["value"])) + "</" + name + ">";
  }
  std::string attributes, inside;
  for (const auto& [key, member] : value.items()) {
    if (is_attribute(key))
      attributes += attribute(key, member);
    else if (is_element_name(key))
      inside += to_xml(key, member);
  }
  return "<" + name + attributes + ">" + inside + "</" + name + ">";
}

bool is_xml(std::string_view body) {
  if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != body.npos && body[first] == '<';
}

json record_from_xml(std::string_view text, Entity entity) {
  pugi::xml_document document;
  const auto root = root_of(document, text);
  if (local_name(root.name()) != entity_name(entity)) return json(json::value_t::discarded);
  return in_utf8(record_of(root, entity));
}

json batch_from_xml(std::string_view text) {
  pugi::xml_document document;
  const auto root = root_of(document, text);
  if (local_name(root.name()) != "IntuitBatchRequest") return json(json::value_t::discarded);
  json items = json::array();
  for (const auto& element : root.children()) {
    if (local_name(element.name()) != "BatchItemRequest") continue;
    json item = json::object();
    add_attributes(item, element);
    for (const auto& child : element.children()) {
      if (child.type() != pugi::node_element) continue;
      const auto name = local_name(child.name());
      const auto entity = entity_named(name);
      add(item, name, entity ? record_of(child, *entity) : nested(child));
    }
    items.push_back(std::move(item));
  }
  return in_utf8({{"BatchItemRequest", std::move(items)}});
}

}  // namespace rekey::sandbox
