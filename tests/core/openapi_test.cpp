#include <catch2/catch_test_macros.hpp>
#include <fstream>

#include "core/codes.hpp"
#include "tests/support/approve.hpp"
#include "tests/support/schema.hpp"

// The description of the host API beside what the core says of itself. What can be derived is: run
// this with REKEY_APPROVE=1 after a change of a state, an event, a code or an operation.

namespace rekey::test {

namespace {

const std::string file = std::string(REKEY_SOURCE_DIR) + "/native/server/openapi.json";

/// Types of the core, with all that they are made of.
std::map<std::string, Ordered> generated_schemas() {
  Schemas schemas;
  schemas.of<State>();
  schemas.of<Event>();
  schemas.of<wire::Notice>();
  schemas.of<wire::Actor>();
  return schemas.components();
}

void put_schemas(Ordered& schemas) {
  Ordered by_hand = Ordered::object();
  for (const auto& [name, schema] : schemas.items())
    if (!schema.contains("x-generated")) by_hand[name] = schema;
  schemas = std::move(by_hand);
  for (const auto& [name, schema] : generated_schemas()) {
    INFO("A schema that is written by hand has the name of a type of the core: " << name);
    REQUIRE(!schemas.contains(name));
    schemas[name] = schema;
  }
  Ordered codes = Ordered::array();
  for (const auto& each : all_codes()) codes.push_back(std::string(each.name));
  schemas["Problem"]["properties"]["code"]["enum"] = codes;
}

/// The answers that every operation of its kind can give, beside its own; some are of the HTTP
/// server, before the operation is looked for.
std::vector<int> common_answers(const std::string& path, const Ordered& operation) {
  std::vector<int> out{400, 408, 413, 417, 431, 500, 501, 503, 505};
  const bool open = operation.contains("security") && operation["security"].empty();
  if (!open) out.insert(out.end(), {401, 403, 429});
  if (path.find('{') != path.npos) out.push_back(404);
  if (operation.contains("requestBody")) out.push_back(415);
  return out;
}

void put_answers(const std::string& path, Ordered& operation) {
  std::map<std::string, Ordered> answers;
  for (const auto& [status, answer] : operation["responses"].items()) answers[status] = answer;
  for (const int status : common_answers(path, operation))
    answers.try_emplace(std::to_string(status),
                        Ordered{{"$ref", "#/components/responses/Problem"}});
  operation["responses"] = Ordered::object();
  for (auto& [status, answer] : answers) operation["responses"][status] = answer;
}

Ordered completed(Ordered document) {
  put_schemas(document["components"]["schemas"]);
  for (auto& [path, item] : document["paths"].items())
    for (auto& [method, operation] : item.items())
      if (operation.is_object() && operation.contains("responses")) put_answers(path, operation);
  return document;
}

}  // namespace

TEST_CASE("description: states, events, codes and common answers are what the core says") {
  const auto text = read_file(file);
  const auto written = Ordered::parse(text, nullptr, false);
  REQUIRE(!written.is_discarded());
  const auto fresh = completed(written).dump(1) + "\n";
  if (approving()) std::ofstream(file, std::ios::binary) << fresh;
  INFO(file << " is not what the core says. If the change is meant: REKEY_APPROVE=1");
  CHECK((approving() || text == fresh));
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

}  // namespace rekey::test
