#include "native/intuit/webhooks.hpp"

#include <algorithm>

#include "core/wire/json.hpp"
#include "native/vault/random.hpp"

namespace rekey::intuit {

namespace {

using accounting::ChangeDelivery;
using imports::Entity;
using wire::Json;

constexpr std::size_t longest_id = 64;

bool may_be_in_id(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_';
}

/// An id, which Intuit writes as a text; empty: there is none, or it cannot be one.
std::string id_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return {};
  std::string id = found->is_string()           ? found->get<std::string>()
                   : found->is_number_integer() ? found->dump()
                                                : "";
  const bool good = id.size() <= longest_id && std::all_of(id.begin(), id.end(), may_be_in_id);
  return good ? id : "";
}

bool is_called(std::string_view a, std::string_view b) {
  const auto small = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

/// The kinds of record are written as in "TaxCode" in the older form, and small in the newer one.
std::optional<Entity> entity_called(std::string_view name) {
  for (const Entity each : wire::all_of<Entity>)
    if (is_called(wire::name_of(each), name)) return each;
  return {};
}

void add(ChangeDelivery& to, const std::string& realm_id, std::string_view entity,
         const std::string& id) {
  const auto known = entity_called(entity);
  if (!known || realm_id.empty() || id.empty()) {
    ++to.unknown;
    return;
  }
  to.notices.push_back({realm_id, *known, id});
}

/// The kind of record in "qbo.customer.created.v1"; empty: it is no such type.
std::string_view kind_in_type(std::string_view type) {
  constexpr std::string_view start = "qbo.";
  if (!type.starts_with(start)) return {};
  type.remove_prefix(start.size());
  const auto dot = type.find('.');
  return dot == type.npos ? std::string_view() : type.substr(0, dot);
}

void add_cloud_event(ChangeDelivery& to, const Json& event) {
  if (!event.is_object()) {
    ++to.unknown;
    return;
  }
  const std::string type = wire::text_at(event, "type");
  add(to, id_at(event, "intuitaccountid"), kind_in_type(type), id_at(event, "intuitentityid"));
}

/// The list within an object, by names one below the other; null: there is none.
const Json* list_below(const Json& json, std::initializer_list<const char*> names) {
  const Json* at = &json;
  for (const char* name : names) {
    if (!at->is_object() || !at->contains(name)) return nullptr;
    at = &at->at(name);
  }
  return at->is_array() ? at : nullptr;
}

void add_notification(ChangeDelivery& to, const Json& notification) {
  const auto* entities = list_below(notification, {"dataChangeEvent", "entities"});
  if (!entities) {
    ++to.unknown;
    return;
  }
  const std::string realm_id = id_at(notification, "realmId");
  for (const auto& each : *entities) {
    if (!each.is_object()) {
      ++to.unknown;
      continue;
    }
    const std::string entity = wire::text_at(each, "name");
    add(to, realm_id, entity, id_at(each, "id"));
    // The record that was merged into this one is gone.
    if (const auto merged = id_at(each, "deletedId"); !merged.empty())
      add(to, realm_id, entity, merged);
  }
}

}  // namespace

bool is_genuine_webhook(const http::Headers& headers, std::string_view body,
                        std::span<const Secret> verifier_tokens) {
  const auto given = vault::base64_decode(headers.get("intuit-signature").value_or(""));
  bool genuine = false;
  // All of them are tried, so that time does not tell which one it was.
  for (const auto& token : verifier_tokens) {
    const Secret right(vault::hmac_sha256(token.reveal(), body));
    const bool fits = right.same_as(given.value_or(""));
    genuine = genuine || (fits && !token.empty());
  }
  return genuine;
}

Result<ChangeDelivery> read_webhook(std::string_view body) {
  const auto json = wire::parse(body, "The delivery");
  if (!json) return tl::unexpected(Error{Code::bad_input, json.error().hint, {}});
  ChangeDelivery out;
  if (json->is_array()) {
    for (const auto& each : *json) add_cloud_event(out, each);
  } else if (const auto* all = list_below(*json, {"eventNotifications"})) {
    for (const auto& each : *all) add_notification(out, each);
  } else if (json->is_object() && json->contains("specversion")) {
    add_cloud_event(out, *json);
  } else {
    return fail(Code::bad_input, "The delivery is of no form that is known.");
  }
  std::sort(out.notices.begin(), out.notices.end());
  out.notices.erase(std::unique(out.notices.begin(), out.notices.end()), out.notices.end());
  return out;
}

}  // namespace rekey::intuit
