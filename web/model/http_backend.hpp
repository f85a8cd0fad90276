// The backend over HTTP: our own origin, JSON, a cookie, and a stream of events.
#pragma once

#include "web/model/backend.hpp"
#include "web/platform/net.hpp"

namespace rekey::web {

class HttpBackend final : public Backend {
 public:
  void use(const std::string& connection) override { connection_ = connection; }
  void sign_in(const wire::SignIn& sign_in, Then<wire::SignedIn> then) override;
  void sessions(Then<wire::Sessions> then) override;
  void sign_out(Then<Nothing> then) override;
  void page(Then<wire::Page> then) override;
  void command(const wire::Command& command, Then<wire::Outcome> then) override;
  void callback(const wire::Callback& callback, Then<wire::Outcome> then) override;
  void configuration(Then<wire::ConfigurationPage> then) override;
  void keep(const wire::Choices& choices, Then<wire::Outcome> then) override;
  void save(const wire::Choices& choices, Then<wire::Outcome> then) override;
  void watch(std::int64_t seq, Watcher watcher) override;
  void unwatch() override;

 private:
  net::Request request(std::string method, std::string path, std::string body = {}) const;

  std::string connection_;
  int stream_ = -1;
};

/// What an answer that cannot be used means. Separate, because it is worth a test of its own.
Trouble trouble_of(const net::Response& response);

}  // namespace rekey::web
