#include <catch2/catch_test_macros.hpp>

#include "core/codes.hpp"
#include "core/wire/configuration.hpp"
#include "tests/support/approve.hpp"
#include "tests/support/schema.hpp"

// The descriptions of the host API and of the page surface beside what the core says of itself.
// What can be derived is: run this with REKEY_APPROVE=1 after a change of a state, an event, a
// code, an operation or a type that the page reads.

namespace rekey::test::openapi_test {

namespace {

const std::string host_api = "native/server/openapi.json";
const std::string page_api = "native/server/page_api.json";

/// Types of the core, with all that they are made of.
std::map<std::string, Ordered> generated_schemas() {
  Schemas schemas;
  schemas.of<State>();
  schemas.of<Event>();
  schemas.of<wire::Notice>();
  schemas.of<wire::Actor>();
  return schemas.components();
}

/// In what is sent to us a member that may be null may be missing too.
void let_miss(Ordered& schema) {
  if (!schema.contains("required")) return;
  Ordered required = Ordered::array();
  for (const auto& name : schema["required"]) {
    const auto& member = schema["properties"][name.get<std::string>()];
    const bool nullable =
        member.contains("oneOf") || (member.contains("type") && member["type"].is_array());
    if (!nullable) required.push_back(name);
  }
  if (required.empty())
    schema.erase("required");
  else
    schema["required"] = std::move(required);
}

/// What the host API describes too is described there alone.
void refer_to_host_api(Ordered& schema, const std::map<std::string, Ordered>& shared) {
  const std::string here = "#/components/schemas/";
  if (schema.is_object() && schema.contains("$ref")) {
    const auto name = schema["$ref"].get<std::string>().substr(here.size());
    if (shared.contains(name)) schema["$ref"] = "openapi.json" + here + name;
  } else if (schema.is_structured()) {
    for (auto& each : schema) refer_to_host_api(each, shared);
  }
}

/// The types that the page and the backend exchange.
std::map<std::string, Ordered> page_schemas() {
  Schemas answers, requests;
  answers.of<wire::Page>();
  answers.of<wire::SignedIn>();
  answers.of<wire::Sessions>();
  answers.of<wire::Stepped>();
  answers.of<wire::Outcome>();
  answers.of<wire::ConfigurationSummary>();
  answers.of<wire::LinesPage>();
  answers.of<wire::RecordsPage>();
  answers.of<wire::EditAnswer>();
  answers.of<wire::SaveAnswer>();
  answers.of<wire::SheetAnswer>();
  answers.of<wire::ChangedChoices>();
  answers.of<wire::ConfigurationVersions>();
  answers.of<wire::SetAsidePage>();
  requests.of<wire::SignIn>();
  requests.of<wire::Command>();
  requests.of<wire::Callback>();
  requests.of<wire::ConfigurationPatch>();
  requests.of<wire::AcceptSuggestions>();
  requests.of<wire::GoBack>();
  requests.of<wire::SaveChoices>();
  auto out = answers.components();
  for (auto [name, schema] : requests.components()) {
    let_miss(schema);
    out.try_emplace(name, std::move(schema));
  }
  const auto shared = generated_schemas();
  for (const auto& [name, schema] : shared) out.erase(name);
  for (auto& [name, schema] : out) refer_to_host_api(schema, shared);
  return out;
}

void put_schemas(Ordered& schemas, const std::map<std::string, Ordered>& generated) {
  Ordered by_hand = Ordered::object();
  for (const auto& [name, schema] : schemas.items())
    if (!schema.contains("x-generated")) by_hand[name] = schema;
  schemas = std::move(by_hand);
  for (const auto& [name, schema] : generated) {
    INFO("A schema that is written by hand has the name of a type of the core: " << name);
    REQUIRE(!schemas.contains(name));
    schemas[name] = schema;
  }
}

/// The answers that every operation of its kind can give, beside its own; these are of the HTTP
/// server, before the operation is looked for.
const std::vector<int> server_answers{400, 408, 413, 417, 431, 500, 501, 503, 505};

bool needs_no_sign_in(const Ordered& operation) {
  return operation.contains("security") && operation["security"].empty();
}

std::vector<int> host_answers(const std::string& path, const std::string&,
                              const Ordered& operation) {
  auto out = server_answers;
  if (!needs_no_sign_in(operation)) out.insert(out.end(), {401, 403, 429});
  if (path.find('{') != path.npos) out.push_back(404);
  return out;
}

std::vector<int> page_answers(const std::string&, const std::string& method,
                              const Ordered& operation) {
  auto out = server_answers;
  // No session, or that of another connection; what changes something may be forged.
  if (!needs_no_sign_in(operation)) out.insert(out.end(), {401, 409});
  if (method != "get") out.push_back(403);
  return out;
}

template <class Common>
void put_answers(Ordered& document, Common&& common) {
  for (auto& [path, item] : document["paths"].items())
    for (auto& [method, operation] : item.items()) {
      if (!operation.is_object() || !operation.contains("responses")) continue;
      std::map<std::string, Ordered> answers;
      for (const auto& [status, answer] : operation["responses"].items()) answers[status] = answer;
      auto all = common(path, method, operation);
      if (operation.contains("requestBody")) all.push_back(415);
      for (const int status : all)
        answers.try_emplace(std::to_string(status),
                            Ordered{{"$ref", "#/components/responses/Problem"}});
      operation["responses"] = Ordered::object();
      for (auto& [status, answer] : answers) operation["responses"][status] = answer;
    }
}

Ordered parsed(const std::string& path) {
  auto document = Ordered::parse(read_file(REKEY_SOURCE_DIR "/" + path), nullptr, false);
  INFO(path);
  REQUIRE(!document.is_discarded());
  return document;
}

}  // namespace

TEST_CASE("description: states, events, codes and common answers are what the core says") {
  auto document = parsed(host_api);
  auto& schemas = document["components"]["schemas"];
  put_schemas(schemas, generated_schemas());
  Ordered codes = Ordered::array();
  for (const auto& each : all_codes()) codes.push_back(std::string(each.name));
  schemas["Problem"]["properties"]["code"]["enum"] = codes;
  put_answers(document, host_answers);
  check_approved(host_api, document.dump(1) + "\n");
}

TEST_CASE("description: what the page reads and sends is what the core says") {
  auto document = parsed(page_api);
  auto& schemas = document["components"]["schemas"];
  put_schemas(schemas, page_schemas());
  // The way on is written among the members of a problem.
  Schemas more;
  more.of<wire::WayOn>();
  for (const auto& [name, schema] : more.components().at("WayOn")["properties"].items())
    schemas["Problem"]["properties"][name] = schema;
  put_answers(document, page_answers);
  check_approved(page_api, document.dump(1) + "\n");
}

TEST_CASE("description: what is written is what its schema says") {
  const auto schemas = generated_schemas();
  const auto members = [&](const std::string& name) {
    std::vector<std::string> out;
    for (const auto& [member, schema] : schemas.at(name)["properties"].items())
      out.push_back(member);
    std::sort(out.begin(), out.end());
    return out;
  };
  const auto written = [](const wire::Json& json) {
    std::vector<std::string> out;
    for (const auto& [member, value] : json.items()) out.push_back(member);
    return out;
  };
  CHECK(members("State") == written(wire::write(State{})));
  // A rare member is written only when there is something in it.
  connect::Linked linked;
  linked.trouble.emplace();
  CHECK(members("ConnectLinked") == written(wire::write(linked)));
  CHECK(members("Actor") == written(wire::write(wire::Actor{})));
  const auto& phase = schemas.at("ConnectPhase");
  CHECK(phase["oneOf"].size() == std::variant_size_v<connect::Phase>);
  CHECK(phase["discriminator"]["propertyName"] == "type");
  CHECK(phase["discriminator"]["mapping"]["linked"] == "#/components/schemas/ConnectLinked");
  CHECK(schemas.at("Event")["oneOf"].size() == std::variant_size_v<Event>);
}

}  // namespace rekey::test::openapi_test
