#include "native/sandbox/hooks/delivery.hpp"

#include "native/sandbox/text/json.hpp"
#include "native/sandbox/text/letters.hpp"
#include "native/sandbox/text/times.hpp"
#include "native/vault/random.hpp"

namespace rekey::sandbox {

namespace {

using nlohmann::json;

struct Spelling {
  const char* operation;  ///< in eventNotifications
  const char* type;       ///< in the type of a CloudEvent
};

Spelling spelling_of(Deed deed) {
  switch (deed) {
    case Deed::created:
      return {"Create", "created"};
    case Deed::updated:
      return {"Update", "updated"};
    case Deed::merged:
      return {"Merge", "merged"};
    case Deed::deleted:
      return {"Delete", "deleted"};
  }
  return {"Update", "updated"};
}

/// A random UUID (RFC 9562 section 5.4).
std::string random_uuid() {
  std::string bytes = vault::random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string hex = vault::hex_encode(bytes);
  for (const std::size_t at : {20, 16, 12, 8}) hex.insert(at, "-");
  return hex;
}

json cloud_events(std::span<const Change> changes) {
  json out = json::array();
  for (const Change& one : changes)
    out.push_back({{"specversion", "1.0"},
                   {"id", random_uuid()},
                   {"source", "intuit." + vault::sha256_hex(one.realm).substr(0, 32)},
                   {"type", "qbo." + lower_case(entity_name(one.entity)) + "." +
                                spelling_of(one.deed).type + ".v1"},
                   {"datacontenttype", "application/json"},
                   {"time", zulu_ticks(one.at)},
                   {"intuitentityid", one.id},
                   {"intuitaccountid", one.realm},
                   {"data", json::object()}});
  return out;
}

json notifications(std::span<const Change> changes) {
  json out = json::array();
  for (const Change& one : changes) {
    json* of_company = nullptr;
    for (json& each : out)
      if (each["realmId"] == one.realm) of_company = &each;
    if (!of_company) {
      out.push_back({{"realmId", one.realm}, {"dataChangeEvent", {{"entities", json::array()}}}});
      of_company = &out.back();
    }
    json entity = {{"name", entity_name(one.entity)},
                   {"id", one.id},
                   {"operation", spelling_of(one.deed).operation},
                   {"lastUpdated", pacific_seconds(one.at)}};
    if (!one.merged_id.empty()) entity["deletedId"] = one.merged_id;
    (*of_company)["dataChangeEvent"]["entities"].push_back(std::move(entity));
  }
  return {{"eventNotifications", std::move(out)}};
}

}  // namespace

std::string hook_body(HookForm form, std::span<const Change> changes) {
  return json_text(form == HookForm::cloudevents ? cloud_events(changes) : notifications(changes));
}

std::string hook_signature(std::string_view verifier_token, std::string_view body) {
  return vault::base64_encode(vault::hmac_sha256(verifier_token, body));
}

}  // namespace rekey::sandbox
