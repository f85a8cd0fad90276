#include <catch2/catch_test_macros.hpp>

#include "native/sandbox/schema/property.hpp"
#include "native/sandbox/text/times.hpp"
#include "sandbox_writer.hpp"

namespace rekey::sandbox_write_test {

using namespace rekey::sandbox;
using nlohmann::json;

TEST_CASE("writing: a customer that is created can be read, counted and found", "[sandbox]") {
  Writer writer;
  const int before = writer.rows("select count(*) from Customer")["totalCount"];
  const json made = writer.made("customer", {{"DisplayName", " Brackwater Lamps "},
                                             {"PrimaryEmailAddr", {{"Address", "a@b.example"}}}});
  CHECK(made["DisplayName"] == "Brackwater Lamps");
  CHECK(made["FullyQualifiedName"] == "Brackwater Lamps");
  CHECK(made["SyncToken"] == "0");
  CHECK(made["Active"] == true);
  CHECK(made["Balance"] == 0);
  CHECK(made["CurrencyRef"]["value"].get<std::string>().size() == 3);
  const std::string id = made["Id"];
  CHECK(writer.read("customer/" + id)["Customer"] == made);
  CHECK(writer.rows("select count(*) from Customer")["totalCount"] == before + 1);
  const json found = writer.rows("select * from Customer where DisplayName = 'brackwater lamps'");
  REQUIRE(found["Customer"].size() == 1);
  CHECK(found["Customer"][0] == made);
  // Other companies have nothing of it.
  const std::string other = writer.harness.connect()["access_token"];
  CHECK(writer.rows("select * from Vendor where DisplayName = 'Brackwater Lamps'").empty());
}

TEST_CASE("writing: a whole update empties what was not sent, a sparse one leaves it",
          "[sandbox]") {
  Writer writer;
  const json made = writer.made(
      "customer", {{"GivenName", "Odo"}, {"FamilyName", "Wex"}, {"Notes", "keeps late hours"}});
  CHECK(made["DisplayName"] == "Odo Wex");
  const json sparse = writer.made(
      "customer",
      {{"Id", made["Id"]}, {"SyncToken", "0"}, {"sparse", true}, {"CompanyName", "Wex & Co"}});
  CHECK(sparse["Notes"] == "keeps late hours");
  CHECK(sparse["CompanyName"] == "Wex & Co");
  CHECK(sparse["SyncToken"] == "1");
  const json whole =
      writer.made("customer", {{"Id", made["Id"]}, {"SyncToken", "1"}, {"DisplayName", "Odo Wex"}});
  CHECK(!whole.contains("Notes"));
  CHECK(!whole.contains("CompanyName"));
  CHECK(whole["SyncToken"] == "2");
  CHECK(whole["MetaData"]["CreateTime"] == made["MetaData"]["CreateTime"]);
  const json emptied = writer.made(
      "customer",
      {{"Id", made["Id"]}, {"SyncToken", "2"}, {"sparse", true}, {"GivenName", nullptr}});
  CHECK(!emptied.contains("GivenName"));
  // Clients that send every text that they have no value for as "" mean the same.
  const json sent = {{"DisplayName", "Odo"}, {"PreferredDeliveryMethod", ""}, {"Notes", ""}};
  const json bare = writer.made("customer", sent);
  CHECK(!bare.contains("Notes"));
  CHECK(!bare.contains("PreferredDeliveryMethod"));
}

TEST_CASE("writing: a made-up record can be changed, too, with its newest SyncToken only",
          "[sandbox]") {
  Writer writer;
  const json before = writer.read("customer/1")["Customer"];
  const std::string token = before["SyncToken"];
  const json change = {{"Id", "1"}, {"sparse", true}, {"Notes", "moved"}};
  CHECK(writer.refused("customer", change) == "400 2020 SyncToken");
  json stale = change;
  stale["SyncToken"] = "99";
  CHECK(writer.refused("customer", stale) == "400 5010 ");
  stale["SyncToken"] = token;
  const json after = writer.made("customer", stale);
  CHECK(after["Notes"] == "moved");
  CHECK(after["DisplayName"] == before["DisplayName"]);
  CHECK(writer.refused("customer", stale) == "400 5010 ");
  CHECK(writer.refused("customer", {{"Id", "999999"}, {"SyncToken", "0"}}) == "400 610 ");
}

TEST_CASE("writing: a display name is one customer's or vendor's only, whatever its case",
          "[sandbox]") {
  Writer writer;
  const json first = writer.rows("select * from Customer maxresults 1")["Customer"][0];
  const std::string taken = first["DisplayName"];
  std::string shouted = taken;
  for (char& c : shouted)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  CHECK(writer.refused("vendor", {{"DisplayName", shouted}}) == "400 6240 DisplayName");
  const json made = writer.made("vendor", {{"DisplayName", "Tarn Foundry"}});
  CHECK(writer.refused("customer", {{"DisplayName", "tarn foundry"}}) == "400 6240 DisplayName");
  // Its own name is no obstacle, and one that was given up is free again.
  json renamed = made;
  renamed["DisplayName"] = "Tarn Foundry";
  renamed = writer.made("vendor", renamed);
  renamed["DisplayName"] = "Tarn Works";
  renamed = writer.made("vendor", renamed);
  CHECK(writer.made("customer", {{"DisplayName", "Tarn Foundry"}})["Active"] == true);
  // So is the name of one that is no longer active, until it shall be again.
  renamed["Active"] = false;
  renamed = writer.made("vendor", renamed);
  CHECK(renamed["DisplayName"] == "Tarn Works (deleted)");
  writer.made("customer", {{"DisplayName", "Tarn Works"}});
  renamed["Active"] = true;
  CHECK(writer.refused("vendor", renamed) == "400 6240 DisplayName");
}

TEST_CASE("writing: what was read can be sent back as it is, of every kind", "[sandbox]") {
  Writer writer;
  for (const Entity entity : all_entities()) {
    if (writing_of(entity) == Writing::none) continue;
    const std::string name(entity_name(entity));
    const json found = writer.rows("select * from " + name + " maxresults 40");
    REQUIRE(found[name].size() > 0);
    for (const json& record : found[name]) {
      INFO(record.dump());
      json after = writer.made(name, record);
      CHECK(std::stoi(after["SyncToken"].get<std::string>()) ==
            std::stoi(record["SyncToken"].get<std::string>()) + 1);
      after["SyncToken"] = record["SyncToken"];
      after["MetaData"] = record["MetaData"];
      CHECK(after == record);
    }
  }
}

TEST_CASE("writing: making inactive takes a record out of lists, not out of the books",
          "[sandbox]") {
  Writer writer;
  const json made = writer.made("class", {{"Name", "Night market"}});
  const std::string listed = "select * from Class where Name like 'Night market%'";
  CHECK(writer.rows(listed)["Class"].size() == 1);
  writer.made("class",
              {{"Id", made["Id"]}, {"SyncToken", "0"}, {"sparse", true}, {"Active", false}});
  CHECK(writer.rows(listed).empty());
  const json gone = writer.rows(listed + " and Active in (true, false)")["Class"];
  REQUIRE(gone.size() == 1);
  CHECK(gone[0]["Name"] == "Night market (deleted)");
}

TEST_CASE("writing: a record below another carries the names above it", "[sandbox]") {
  Writer writer;
  const json parent = writer.made("customer", {{"DisplayName", "Sedge Hall"}});
  const json child = writer.made(
      "customer", {{"DisplayName", "Kitchen"}, {"ParentRef", {{"value", parent["Id"]}}}});
  CHECK(child["FullyQualifiedName"] == "Sedge Hall:Kitchen");
  CHECK(child["Job"] == true);
  CHECK(child["Level"] == 1);
  json renamed = parent;
  renamed["DisplayName"] = "Sedge House";
  renamed = writer.made("customer", renamed);
  const std::string id = child["Id"];
  CHECK(writer.read("customer/" + id)["Customer"]["FullyQualifiedName"] == "Sedge House:Kitchen");
  renamed["ParentRef"] = {{"value", child["Id"]}};
  CHECK(writer.refused("customer", renamed) == "400 6000 ParentRef");
}

TEST_CASE("writing: what cannot be is refused with its code, and nothing is changed", "[sandbox]") {
  Writer writer;
  const int before = writer.rows("select count(*) from Customer")["totalCount"];
  CHECK(writer.refused("customer", json::object()) == "400 2020 DisplayName");
  CHECK(writer.refused("customer", {{"DisplayNam", "x"}}) == "400 2010 DisplayNam");
  CHECK(writer.refused("customer", {{"DisplayName", json::array()}}) == "400 2010 DisplayName");
  CHECK(writer.refused("customer", {{"DisplayName", std::string(501, 'x')}}) ==
        "400 2050 DisplayName");
  CHECK(writer.refused("customer", {{"DisplayName", "a:b"}}) == "400 6000 DisplayName");
  CHECK(
      writer.refused("customer", {{"DisplayName", "Quill"}, {"PreferredDeliveryMethod", "Owl"}}) ==
      "400 2170 PreferredDeliveryMethod");
  CHECK(writer.refused("customer",
                       {{"DisplayName", "Quill"}, {"SalesTermRef", {{"value", "777"}}}}) ==
        "400 2500 SalesTermRef");
  CHECK(writer.refused("account", {{"Name", "Reserve"}}) == "400 2020 AccountType");
  CHECK(writer.refused("account", {{"Name", "Reserve"}, {"AccountType", "Purse"}}) ==
        "400 2170 AccountType");
  CHECK(writer.refused("term", {{"Name", "Never"}}) == "400 2020 DueDays");
  CHECK(writer.refused("taxcode", {{"Name", "X"}}) == "400 500 ");
  CHECK(writer.refused("customer?operation=delete", {{"Id", "1"}}) == "400 500 ");
  CHECK(writer.refused("customer", json::array()) == "400 2010 ");
  CHECK(writer.rows("select count(*) from Customer")["totalCount"] == before);
  const json change = {{"Id", "1"},
                       {"SyncToken", writer.read("customer/1")["Customer"]["SyncToken"]},
                       {"sparse", true},
                       {"CurrencyRef", {{"value", "XAU"}}}};
  CHECK(writer.refused("customer", change) == "400 6000 CurrencyRef");
}

TEST_CASE("writing: every kind that can be created is", "[sandbox]") {
  Writer writer;
  const json account =
      writer.made("account", {{"Name", "Reserve"}, {"AccountType", "Other Current Asset"}});
  CHECK(account["Classification"] == "Asset");
  CHECK(account["AccountSubType"] == "OtherCurrentAssets");
  const json item =
      writer.made("item", {{"Name", "Hinge"}, {"IncomeAccountRef", {{"value", account["Id"]}}}});
  CHECK(item["Type"] == "Service");
  CHECK(writer.made("department", {{"Name", "Annex"}})["FullyQualifiedName"] == "Annex");
  CHECK(writer.made("term", {{"Name", "Net 45"}, {"DueDays", 45}})["Type"] == "STANDARD");
  CHECK(writer.made("paymentmethod", {{"Name", "Barter"}})["Type"] == "NON_CREDIT_CARD");
  CHECK(writer.made("taxagency", {{"DisplayName", "Levy Office"}})["Active"] == true);
  const json info = writer.read("companyinfo/" + realm)["CompanyInfo"];
  const json moved = writer.made("companyinfo", {{"Id", "1"},
                                                 {"SyncToken", info["SyncToken"]},
                                                 {"sparse", true},
                                                 {"LegalName", "Marlowe Lantern Ltd"}});
  CHECK(moved["LegalName"] == "Marlowe Lantern Ltd");
  CHECK(moved["CompanyName"] == info["CompanyName"]);
  const json prefs = writer.read("preferences")["Preferences"];
  const json changed = writer.made("preferences", {{"Id", "1"},
                                                   {"SyncToken", prefs["SyncToken"]},
                                                   {"sparse", true},
                                                   {"ReportPrefs", {{"ReportBasis", "Cash"}}}});
  CHECK(changed["ReportPrefs"]["ReportBasis"] == "Cash");
}

TEST_CASE("writing: a repeated requestid is answered as before, and done once", "[sandbox]") {
  Writer writer;
  const json body = {{"DisplayName", "Once Only"}};
  const auto first = writer.post("customer?requestid=r-1", body);
  const auto again = writer.post("customer?requestid=r-1", body);
  CHECK(first.status == 200);
  CHECK(again.body == first.body);
  CHECK(writer.refused("customer?requestid=r-2", body) == "400 6240 DisplayName");
}

TEST_CASE("writing: is answered in XML unless JSON is asked for", "[sandbox]") {
  Writer writer;
  const auto response = writer.post("customer", {{"DisplayName", "Ampers & Sand"}}, "*/*");
  CHECK(response.status == 200);
  CHECK(response.body.find("<DisplayName>Ampers &amp; Sand</DisplayName>") != std::string::npos);
}

TEST_CASE("changes: what was written since is told, in blocks of their own order", "[sandbox]") {
  Writer writer;
  const std::string since = http::percent_encode(pacific_time(writer.harness.sandbox.now()));
  const std::string asked = "cdc?entities=Customer,Vendor,Term&changedSince=" + since;
  const auto blocks = [&] { return writer.read(asked)["CDCResponse"][0]["QueryResponse"]; };
  CHECK(blocks() == json::array({json::object(), json::object(), json::object()}));
  writer.harness.sandbox.advance(std::chrono::hours{1});
  writer.token = writer.harness.connect()["access_token"];
  const json made = writer.made("vendor", {{"DisplayName", "Pike & Rudd"}});
  const json changed = blocks();
  CHECK(changed[0].empty());
  CHECK(changed[1]["Vendor"] == json::array({made}));
  CHECK(changed[1]["totalCount"] == 1);
  CHECK(changed[2].empty());
  const std::string later =
      http::percent_encode(pacific_time(writer.harness.sandbox.now() + Millis{1}));
  CHECK(writer.read("cdc?entities=Vendor&changedSince=" +
                    later)["CDCResponse"][0]["QueryResponse"] == json::array({json::object()}));
}

TEST_CASE("changes: what cannot be asked is refused", "[sandbox]") {
  Writer writer;
  const auto code = [&](const std::string& query) {
    return writer.read("cdc?" + query)["Fault"]["Error"][0]["code"];
  };
  const Instant now = writer.harness.sandbox.now();
  const std::string recent = "&changedSince=" + http::percent_encode(pacific_time(now));
  CHECK(code("entities=Customer") == "2020");
  CHECK(code(recent.substr(1)) == "2020");
  CHECK(code("entities=Unicorn" + recent) == "4001");
  CHECK(code("entities=Customer&changedSince=yesterday") == "2010");
  CHECK(code("entities=Customer&changedSince=" +
             http::percent_encode(pacific_time(now - std::chrono::hours{24 * 31}))) == "4001");
}

TEST_CASE("batch: every item has its own answer, and one that fails harms no other", "[sandbox]") {
  Writer writer;
  const json items = {
      {{"bId", "1"}, {"Query", "select * from Term maxresults 2"}},
      {{"bId", "2"}, {"operation", "create"}, {"Vendor", {{"DisplayName", "Oxbow"}}}},
      {{"bId", "3"}, {"operation", "create"}, {"Customer", {{"DisplayName", "Oxbow"}}}},
      {{"bId", "4"}, {"Query", "select"}},
      {{"bId", "5"}, {"operation", "delete"}, {"Vendor", {{"Id", "1"}}}},
      {{"bId", "6"}}};
  const auto response = writer.post("batch", {{"BatchItemRequest", items}});
  CHECK(response.status == 200);
  const json answers = json_of(response)["BatchItemResponse"];
  REQUIRE(answers.size() == 6);
  CHECK(answers[0]["bId"] == "1");
  CHECK(answers[0]["QueryResponse"]["Term"].size() == 2);
  CHECK(answers[1]["Vendor"]["DisplayName"] == "Oxbow");
  const auto code = [&](int at) { return answers[at]["Fault"]["Error"][0]["code"]; };
  CHECK(code(2) == "6240");
  CHECK(code(3) == "4000");
  CHECK(code(4) == "500");
  CHECK(code(5) == "2020");
}

TEST_CASE("batch: more than thirty items, or none at all, is refused", "[sandbox]") {
  Writer writer;
  json items = json::array();
  for (int i = 0; i < 31; ++i)
    items.push_back({{"bId", std::to_string(i)}, {"Query", "select count(*) from Term"}});
  CHECK(writer.refused("batch", {{"BatchItemRequest", items}}) == "400 6000 ");
  items.erase(0);
  CHECK(writer.post("batch", {{"BatchItemRequest", items}}).status == 200);
  CHECK(writer.refused("batch", json::object()) == "400 2020 BatchItemRequest");
}

TEST_CASE("limits: the 501st request for a company within a minute is one too many", "[sandbox]") {
  Writer writer;
  for (int i = 0; i < 500; ++i) REQUIRE(writer.read("preferences").contains("Preferences"));
  const auto over = writer.harness.api(realm + "/preferences", writer.token);
  CHECK(over.status == 429);
  CHECK(json_of(over)["fault"]["error"][0]["code"] == "3001");
  // Another company has its own.
  CHECK(writer.harness.post_json("/sandbox/consent", {{"realm", other_realm}}).status == 200);
  const std::string token = writer.harness.connect()["access_token"];
  CHECK(writer.harness.api(other_realm + "/preferences", token).status == 200);
  writer.harness.sandbox.advance(std::chrono::minutes{1});
  CHECK(writer.harness.api(realm + "/preferences", writer.token).status == 200);
}

TEST_CASE("limits: forty batches a minute, and ten requests a second when switched on",
          "[sandbox]") {
  Writer writer;
  const json one = {{"BatchItemRequest", {{{"bId", "1"}, {"Query", "select * from Term"}}}}};
  for (int i = 0; i < 40; ++i) REQUIRE(writer.post("batch", one).status == 200);
  CHECK(writer.post("batch", one).status == 429);
  CHECK(writer.harness.api(realm + "/preferences", writer.token).status == 200);
  CHECK(writer.harness.post_json("/sandbox/limits", {{"per_second", 10}}).status == 200);
  for (int i = 0; i < 10; ++i)
    REQUIRE(writer.harness.api(realm + "/preferences", writer.token).status == 200);
  CHECK(writer.harness.api(realm + "/preferences", writer.token).status == 429);
  writer.harness.sandbox.advance(std::chrono::seconds{1});
  CHECK(writer.harness.api(realm + "/preferences", writer.token).status == 200);
}

}  // namespace rekey::sandbox_write_test
