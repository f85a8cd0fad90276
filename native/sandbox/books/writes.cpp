#include "native/sandbox/books/writes.hpp"

#include <algorithm>

#include "native/sandbox/books/api_fault.hpp"
#include "native/sandbox/books/derived.hpp"
#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/schema/query_compare.hpp"
#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/times.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;
using Fault = std::optional<ApiFault>;

/// What empties a property. Widely used clients send every text that they have no value for as "".
bool is_nothing(const json& value) {
  return value.is_null() || value == json("");
}

bool has_shape(Shape shape, const json& value) {
  switch (shape) {
    case Shape::text:
      return value.is_string() || value.is_number();
    case Shape::flag:
      return value.is_boolean() || value == "true" || value == "false";
    case Shape::number:
      return value.is_number() ||
             (value.is_string() && Comparable(value.get<std::string>()).number);
    case Shape::object:
      return value.is_object();
    case Shape::list:
      return value.is_array();
    case Shape::reference:
      return value.is_object() && value.contains("value") && value["value"].is_string();
  }
  return false;
}

/// A value as it is kept: the service reads "true" and "12.5" as what they say.
json as_kept(Shape shape, const json& value) {
  if (shape == Shape::text && value.is_number()) return value.dump();
  if (shape == Shape::flag && value.is_string()) return value == "true";
  if (shape == Shape::number && value.is_string())
    return *Comparable(value.get<std::string>()).number;
  return value;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

Fault check_value(const Company& company, Entity entity, const Property& property,
                  const json& value) {
  const std::string name(property.name);
  if (!has_shape(property.shape, value))
    return validation("2010", "Request has invalid or unsupported property",
                      "Property Name: the value of " + name + " is not of the kind it must be",
                      name);
  if (property.shape == Shape::text && property.longest != 0 && value.is_string()) {
    const auto size = characters(value.get<std::string>());
    if (size > property.longest)
      return validation("2050", "String length is either shorter or longer than supported",
                        "String length specified does not match the supported length. Min:0 Max:" +
                            std::to_string(property.longest) +
                            " supported. Supplied length:" + std::to_string(size),
                        name);
  }
  const auto possible = values_of(entity, name);
  if (!possible.empty() &&
      std::none_of(possible.begin(), possible.end(), [&](const auto& one) { return value == one; }))
    return validation("2170", "Invalid Enumeration",
                      "Invalid Enumeration : " + json_text(value) + " is no value of " + name,
                      name);
  if (property.target && !company.row_of(*property.target, value["value"].get<std::string>()))
    return validation("2500", "Invalid Reference Id",
                      "Invalid Reference Id : " + std::string(entity_name(*property.target)) +
                          " element id " + value["value"].get<std::string>() + " not found",
                      name);
  return std::nullopt;
}

Fault check(const Company& company, Entity entity, const json& sent) {
  for (const auto& [name, value] : sent.items()) {
    const Property* property = property_named(entity, name);
    if (!property)
      return validation("2010", "Request has invalid or unsupported property",
                        "Property Name: " + name + " is unsupported or invalid", name);
    if (property->computed || is_nothing(value)) continue;
    if (auto fault = check_value(company, entity, *property, value)) return fault;
  }
  return std::nullopt;
}

/// The record to change, if it is there and the sender has seen its newest form.
tl::expected<json, ApiFault> current(const Company& company, Entity entity, const json& sent) {
  const bool only_one = writing_of(entity) == Writing::update_only;
  const auto id = only_one ? json("1") : sent["Id"];
  const auto row = company.row_of(entity, as_kept(Shape::text, id).get<std::string>());
  if (!row) return tl::unexpected(not_found(std::string(entity_name(entity))));
  const auto token = sent.find("SyncToken");
  if (token == sent.end() || is_nothing(*token))
    return tl::unexpected(
        validation("2020", "Required param missing, need to supply the required value",
                   "Required parameter SyncToken is missing in the request", "SyncToken"));
  json record = company.read(entity, *row);
  if (as_kept(Shape::text, *token) != record["SyncToken"])
    return tl::unexpected(validation(
        "5010", "Stale Object Error",
        "Stale Object Error : The object has been changed since it was read; read it again, and "
        "send the change with its new SyncToken"));
  return record;
}

/// What of a record stays when it is replaced: what the client cannot set, and what is fixed.
json kept_of(Entity entity, const json& record) {
  json out = json::object();
  for (const auto& [name, value] : record.items()) {
    const Property* property = property_named(entity, name);
    const bool stays = !property || property->computed || name == "Id" || name == "Active" ||
                       name == "CurrencyRef";
    if (stays) out[name] = value;
  }
  return out;
}

json new_record(const Company& company, Entity entity, Instant now) {
  json record = {{"Id", company.next_id(entity)},
                 {"SyncToken", "0"},
                 {"domain", "QBO"},
                 {"sparse", false},
                 {"MetaData", {{"CreateTime", pacific_seconds(now)}}}};
  if (writing_of(entity) == Writing::create_and_update) record["Active"] = true;
  return record;
}

void apply(Entity entity, const json& sent, json& record) {
  for (const auto& [name, value] : sent.items()) {
    const Property& property = *property_named(entity, name);
    if (property.computed || name == "Id" || name == "sparse") continue;
    if (is_nothing(value))
      record.erase(name);
    else
      record[name] = as_kept(property.shape, value);
  }
}

tl::expected<json, ApiFault> starting_point(const Company& company, Entity entity, const json& sent,
                                            Instant now) {
  const bool only_one = writing_of(entity) == Writing::update_only;
  const auto id = sent.find("Id");
  if (!only_one && (id == sent.end() || is_nothing(*id))) return new_record(company, entity, now);
  auto record = current(company, entity, sent);
  if (!record) return record;
  if (sent.contains("CurrencyRef") && sent["CurrencyRef"].is_object() &&
      record->contains("CurrencyRef") &&
      sent["CurrencyRef"]["value"] != (*record)["CurrencyRef"]["value"])
    return tl::unexpected(validation("6000", "A business validation error has occurred",
                                     "Business Validation Error: The currency of a record cannot "
                                     "be changed once it is set",
                                     "CurrencyRef"));
  const bool sparse = sent.contains("sparse") && as_kept(Shape::flag, sent["sparse"]) == true;
  // There is one of each of these, and no caller sends all of it.
  json next = sparse || only_one ? *record : kept_of(entity, *record);
  next["SyncToken"] = std::to_string(std::stoull((*record)["SyncToken"].get<std::string>()) + 1);
  return next;
}

}  // namespace

tl::expected<json, ApiFault> write_record(Company& company, Entity entity, const json& sent,
                                          Instant now) {
  if (writing_of(entity) == Writing::none)
    return tl::unexpected(unsupported("write of " + std::string(entity_name(entity))));
  if (!sent.is_object())
    return tl::unexpected(validation("2010", "Request has invalid or unsupported property",
                                     "The body of the request must be one JSON object"));
  const auto one_after_the_other = company.writing();
  if (auto fault = check(company, entity, sent)) return tl::unexpected(std::move(*fault));
  auto record = starting_point(company, entity, sent, now);
  if (!record) return record;
  apply(entity, sent, *record);
  (*record)["sparse"] = false;
  (*record)["MetaData"]["LastUpdatedTime"] = pacific_seconds(now);
  if (auto fault = derive(company, entity, *record)) return tl::unexpected(std::move(*fault));
  company.write(entity, *record, now);
  return *record;
}

}  // namespace rekey::sandbox
