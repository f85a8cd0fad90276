// Prints what the pretended backend of the page answers on a customer's way, as one over HTTP would
// send it: a JSON line for each answer, with its method, path, status, media type and body. The
// test offline_answers (offline_answers.mjs) holds them against the description of the page's API.
#include <iostream>

#include "tests/web/model/fake_platform.hpp"
#include "web/model/offline.hpp"

namespace rekey::web {

namespace {

void print(const char* route, std::int64_t status, const char* media, const std::string& body) {
  const std::string_view whole(route);
  const auto blank = whole.find(' ');
  std::cout << wire::dump({{"method", whole.substr(0, blank)},
                           {"path", whole.substr(blank + 1)},
                           {"status", status},
                           {"type", media},
                           {"text", body}})
            << "\n";
}

wire::Json json_of(const Nothing&) {
  return wire::Json::object();
}
template <class T>
wire::Json json_of(const T& value) {
  return wire::write(value);
}

/// Takes an answer to this route, and prints it.
template <class T>
Then<T> printed(const char* route) {
  return [route](const Reply<T>& reply) {
    if (reply.value)
      return print(route, 200, "application/json", wire::dump(json_of(*reply.value)));
    auto problem = wire::write(reply.trouble.problem);
    problem.update(wire::write(reply.trouble.way));
    print(route, reply.trouble.problem.status, "application/problem+json", wire::dump(problem));
  };
}

void print_step(const wire::Stepped& step) {
  print("GET /api/events", 200, "text/event-stream",
        "event: step\nid: " + std::to_string(step.seq) +
            "\ndata: " + wire::dump(wire::write(step)) + "\n\n");
}

/// A customer who tries the page without a server.
struct Customer {
  Customer() {
    fake::reset();
    backend = std::make_unique<OfflineBackend>();
    backend->watch(0, {print_step, {}, {}});
  }
  void wait(int seconds) {
    for (int i = 0; i < seconds * 100; ++i) fake::browser().pass(10);
  }
  void press(wire::Verb verb, std::optional<std::int64_t> number = {}) {
    backend->command({verb, number, number}, printed<wire::Outcome>("POST /api/commands"));
    wait(5);
  }
  /// Comes back from the pretended consent, with a company or with a refusal.
  void come_back(const std::optional<std::string>& realm_id) {
    wire::Callback callback;
    callback.state = std::string(32, 'a');  // as the pretended browser makes it
    if (realm_id) {
      callback.code = "pretended";
      callback.realm_id = realm_id;
    } else {
      callback.error = "access_denied";
    }
    backend->callback(callback, printed<wire::Outcome>("POST /api/callback"));
    wait(30);
  }
  void look() {
    backend->page(printed<wire::Page>("GET /api/page"));
    backend->summary(printed<wire::ConfigurationSummary>("GET /api/configuration/summary"));
    wait(1);
  }

  std::unique_ptr<OfflineBackend> backend;
};

/// The pretended browser gives every sign-in the same `state`, so each has a customer of its own.
void turn_back() {
  Customer customer;
  customer.press(wire::Verb::connect);
  customer.look();
  customer.press(wire::Verb::cancel);
}

void refuse_consent() {
  Customer customer;
  customer.press(wire::Verb::connect);
  customer.come_back({});
}

void stay_with_the_company() {
  Customer customer;
  customer.press(wire::Verb::connect);
  customer.come_back(pretended_companies().back().realm_id);
  customer.look();
  customer.press(wire::Verb::decline_company, 1);
}

void arrive(Customer& customer) {
  customer.backend->sign_in({"token"}, printed<wire::SignedIn>("POST /api/session"));
  customer.backend->sessions(printed<wire::Sessions>("GET /api/sessions"));
  customer.look();
  customer.press(wire::Verb::connect);
  customer.come_back(pretended_companies().front().realm_id);
}

/// Reads what a box of a line and the lists beside it need.
void read(OfflineBackend& backend) {
  LinesQuery query{mapping::Section::customers, "e", {}, true, {}};
  backend.lines(query, printed<wire::LinesPage>("GET /api/configuration/customers"));
  query.search.clear();
  query.filter = mapping::LineFilter::suggested;
  backend.lines(query, printed<wire::LinesPage>("GET /api/configuration/customers"));
  backend.records({mapping::Section::accounts, "sales", {}},
                  printed<wire::RecordsPage>("GET /api/records/accounts"));
  backend.versions({}, printed<wire::ConfigurationVersions>("GET /api/configuration/versions"));
  backend.compare(1, 0, {}, printed<wire::ChangedChoices>("GET /api/configuration/changes?from=1"));
  backend.set_aside({}, printed<wire::SetAsidePage>("GET /api/configuration/set-aside"));
}

void choose(Customer& customer) {
  auto& backend = *customer.backend;
  wire::ConfigurationPatch patch;
  patch.choices = {{mapping::Section::accounts, "4000", "5"},
                   {mapping::Section::accounts, "gone", "6"}};
  patch.choices.push_back({mapping::Section::customers, "c1", {}, true, {}});
  patch.choices.push_back({mapping::Section::customers, "c2", {}, {}, true});
  patch.settings.emplace().terms = "3";
  backend.change(patch, printed<wire::EditAnswer>("PATCH /api/configuration"));
  customer.wait(1);
  wire::AcceptSuggestions what{1, mapping::Section::customers, 0.9, true};
  backend.accept(what, printed<wire::EditAnswer>("POST /api/configuration/accept"));
  what.count_only.reset();
  backend.accept(what, printed<wire::EditAnswer>("POST /api/configuration/accept"));
  customer.wait(1);
  read(backend);
  backend.go_back({2, 1}, printed<wire::EditAnswer>("POST /api/configuration/back"));
  backend.go_back({3, 77}, printed<wire::EditAnswer>("POST /api/configuration/back"));
  std::string table;
  backend.sheet([&](const Reply<std::string>& reply) {
    table = reply.value.value_or("");
    print("GET /api/configuration/sheet", 200, "text/csv; charset=utf-8", table);
  });
  customer.wait(1);
  const auto* route = "PUT /api/configuration/sheet?seen=3";
  backend.put_sheet(table, 3, printed<wire::SheetAnswer>(route));
  backend.put_sheet("section,id,decision\naccounts,4000,perhaps\n", 3,
                    printed<wire::SheetAnswer>(route));
  customer.wait(1);
}

void save(Customer& customer) {
  auto& backend = *customer.backend;
  const auto pressed = [&](const wire::SaveChoices& choices) {
    backend.save(choices, printed<wire::SaveAnswer>("POST /api/configuration/save"));
    customer.wait(5);
  };
  // Two customers of one counterpart, and payment terms that there are not.
  wire::ConfigurationPatch patch{4, {}, {}};
  patch.choices = {{mapping::Section::customers, "c1", "100"},
                   {mapping::Section::customers, "c2", "100"}};
  patch.settings.emplace().terms = "none of them";
  backend.change(patch, printed<wire::EditAnswer>("PATCH /api/configuration"));
  customer.wait(1);
  pressed({5, {}, true});
  patch.seen = 5;
  patch.choices.pop_back();
  patch.settings->terms.clear();
  backend.change(patch, printed<wire::EditAnswer>("PATCH /api/configuration"));
  customer.wait(1);
  pressed({6, true, true});
  customer.look();
  pressed({});  // of what was changed meanwhile
}

void configure(Customer& customer) {
  customer.press(wire::Verb::import);
  customer.wait(30);
  customer.press(wire::Verb::resume_import);
  customer.press(wire::Verb::apply, 2);
  customer.look();
  choose(customer);
  save(customer);
}

void leave(Customer& customer) {
  customer.press(wire::Verb::disconnect);
  customer.look();
  customer.backend->sign_out(printed<Nothing>("DELETE /api/session"));
  customer.wait(1);
}

}  // namespace

}  // namespace rekey::web

int main() {
  using namespace rekey::web;
  turn_back();
  refuse_consent();
  stay_with_the_company();
  Customer customer;
  arrive(customer);
  configure(customer);
  leave(customer);
  return 0;
}
