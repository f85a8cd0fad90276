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
  void summary(Then<wire::ConfigurationSummary> then) override;
  void lines(const LinesQuery& query, Then<wire::LinesPage> then) override;
  void records(const RecordsQuery& query, Then<wire::RecordsPage> then) override;
  void change(const wire::ConfigurationPatch& patch, Then<wire::EditAnswer> then) override;
  void accept(const wire::AcceptSuggestions& what, Then<wire::EditAnswer> then) override;
  void go_back(const wire::GoBack& where, Then<wire::EditAnswer> then) override;
  void save(const wire::SaveChoices& save, Then<wire::SaveAnswer> then) override;
  void versions(const std::string& cursor, Then<wire::ConfigurationVersions> then) override;
  void compare(std::int64_t from, std::int64_t to, const std::string& cursor,
               Then<wire::ChangedChoices> then) override;
  void set_aside(const std::string& cursor, Then<wire::SetAsidePage> then) override;
  void sheet(Then<std::string> then) override;
  void put_sheet(const std::string& csv, std::int64_t seen, Then<wire::SheetAnswer> then) override;
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
