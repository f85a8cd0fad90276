#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <memory>

#include "native/store/database.hpp"
#include "sandbox_harness.hpp"

namespace rekey::sandbox_kept_test {

using namespace rekey::sandbox;
using nlohmann::json;

namespace {

/// A file of its own, gone with the test.
struct File {
  File()
      : path((std::filesystem::temp_directory_path() / ("rekey-kept-" + vault::random_token(9)))
                 .string()) {}
  ~File() {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  SandboxOptions options() const {
    SandboxOptions out = harness_options();
    out.store = path;
    return out;
  }
  std::string path;
};

}  // namespace

TEST_CASE("store: grants, codes, writes, the clock and the key outlive the process", "[sandbox]") {
  const File file;
  auto first = std::make_unique<Harness>(file.options());
  const json tokens = first->connect({{"scope", accounting_scope + " openid"}});
  const json ended = first->connect({{"client_id", "client-1"}});
  const std::string spent = first->code();
  REQUIRE(first->exchange(spent).status == 200);
  const json live = json_of(first->exchange(first->code()));
  const std::string unspent = first->code();
  const auto made =
      first->send("POST", "/v3/company/" + realm + "/customer",
                  {{"Authorization", "Bearer " + live["access_token"].get<std::string>()},
                   {"Accept", "application/json"}},
                  R"({"DisplayName":"Kept & Found"})");
  REQUIRE(made.status == 200);
  const json record = json_of(made)["Customer"];
  const json keys = json_of(first->get("/op/v1/jwks"));
  const auto legacy = first->sandbox.add_legacy(realm);
  first->post_json("/sandbox/clock", {{"advance_s", 120}});
  const Instant then = first->sandbox.now();
  first.reset();

  Harness second(file.options());
  CHECK(second.sandbox.now() == then);
  CHECK(json_of(second.get("/op/v1/jwks")) == keys);
  const std::string access = live["access_token"];
  const std::string id = record["Id"];
  CHECK(json_of(second.api(realm + "/customer/" + id, access))["Customer"] == record);
  CHECK(second.refresh(live["refresh_token"]).status == 200);
  CHECK(second.refresh(tokens["refresh_token"]).status == 400);
  CHECK(second.refresh(ended["refresh_token"]).status == 400);
  const json state = json_of(second.get("/sandbox/state"));
  CHECK(state["legacy"].size() == 1);
  CHECK(state["legacy"][0]["realm"] == legacy.realm);
  // A code is spent once, over restarts too; presented again it ends what came of it.
  CHECK(second.exchange(spent).status == 400);
  CHECK(second.exchange(unspent).status == 200);
}

TEST_CASE("store: a new id after a restart is nobody else's", "[sandbox]") {
  const File file;
  const auto create = [&](Harness& harness, const std::string& name) {
    const std::string token = harness.connect()["access_token"];
    const auto response =
        harness.send("POST", "/v3/company/" + realm + "/vendor",
                     {{"Authorization", "Bearer " + token}, {"Accept", "application/json"}},
                     json{{"DisplayName", name}}.dump());
    return json_of(response)["Vendor"]["Id"].get<std::string>();
  };
  std::string before;
  {
    Harness harness(file.options());
    create(harness, "Alpha Reed");
    before = create(harness, "Beta Reed");
  }
  Harness harness(file.options());
  CHECK(std::stoi(create(harness, "Gamma Reed")) == std::stoi(before) + 1);
}

TEST_CASE("store: a file that is none of a sandbox's is refused with a sentence", "[sandbox]") {
  const File file;
  std::ofstream(file.path) << "no database at all, but long enough to look at it twice";
  CHECK_THROWS_AS(Harness(file.options()), store::DatabaseError);
  std::filesystem::remove(file.path);
  {
    store::Database other(file.path);
    other.run_script("create table connections (id text)");
  }
  CHECK_THROWS_AS(Harness(file.options()), store::DatabaseError);
}

TEST_CASE("store: a legacy connection that its customer ended stays ended", "[sandbox]") {
  const File file;
  auto first = std::make_unique<Harness>(file.options());
  first->sandbox.add_legacy(realm);
  first->sandbox.add_legacy(other_realm);
  first->post_json("/sandbox/disconnect", {{"realm", realm}});
  first.reset();
  Harness second(file.options());
  const json left = json_of(second.get("/sandbox/state"))["legacy"];
  REQUIRE(left.size() == 1);
  CHECK(left[0]["realm"] == other_realm);
}

}  // namespace rekey::sandbox_kept_test
