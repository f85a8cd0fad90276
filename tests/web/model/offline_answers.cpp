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
    backend->configuration(printed<wire::ConfigurationPage>("GET /api/configuration"));
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

void configure(Customer& customer) {
  customer.press(wire::Verb::import);
  customer.wait(30);
  customer.press(wire::Verb::resume_import);
  customer.press(wire::Verb::apply, 2);
  customer.look();
  wire::Choices choices;
  choices.configuration.accounts = {{"4000", "5", "An earlier name"}, {"gone", "6", ""}};
  customer.backend->keep(choices, printed<wire::Outcome>("PUT /api/configuration/draft"));
  customer.wait(1);
  choices.seen = 1;
  customer.backend->save(choices, printed<wire::Outcome>("POST /api/configuration"));
  customer.wait(5);
  customer.look();
  // Of choices that were changed meanwhile.
  customer.backend->save({}, printed<wire::Outcome>("POST /api/configuration"));
  customer.wait(1);
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
