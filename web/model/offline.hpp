// A backend that is pretended within the page: the same core, a made-up company, no network. It is
// what makes the page something to try from any place that can hold its files.
#pragma once

#include "web/model/offline_book.hpp"

namespace rekey::web {

/// The companies a person can choose on the pretended consent screen; the first is the one that was
/// connected with OAuth 1.0.
const std::vector<connect::Company>& pretended_companies();

class OfflineBackend final : public Backend {
 public:
  /// Goes on from what this tab kept, or begins with an OAuth 1.0 connection.
  OfflineBackend();

  void use(const std::string&) override {}
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

  /// Where Connect leads to: not an address, but a screen of the page itself.
  static constexpr std::string_view consent_address = "pretended:consent";
  static constexpr const char* connection = "con_pretended";
  /// Whether this tab is trying the page without a server; and the end of that.
  static bool is_chosen();
  static void choose();
  static void leave();

 private:
  /// What outlives a reload of the tab.
  struct Kept {
    State state;
    std::int64_t seq = 1;
    std::vector<wire::Notice> notices;
    std::string realm_id;              ///< the company that was chosen last
    std::vector<offline::Book> books;  ///< one for each company
    static constexpr auto fields() {
      using wire::field;
      return std::tuple{field("state", &Kept::state), field("seq", &Kept::seq),
                        field("notices", &Kept::notices), field("realm_id", &Kept::realm_id),
                        field("books", &Kept::books)};
    }
  };

  /// Takes a step: stores it, performs what follows, tells who watches. Gives the outcome, or why
  /// it was refused.
  Reply<wire::Outcome> take(const Event& event);
  /// The same of a change of the configuration, which is so from then on.
  Reply<wire::Outcome> take(const Event& event, mapping::Configuration changed);
  connect::Company company() const;
  offline::Book& book();
  template <class T>
  void answer_configured(Then<T> then, T value);
  void edited(Then<wire::EditAnswer> then, Reply<wire::Outcome> reply, std::int64_t changed,
              const std::vector<wire::ChoicePatch>& named);
  void perform(const Effect& effect);
  void on(const Redirect&) {}
  void on(const ExchangeCode& effect);
  void on(const ProveCompany& effect);
  void on(const Revoke& effect);
  void on(const Forget&) {}
  void on(const RetireLegacy& effect);
  void on(const TakeSnapshot&) {}
  void on(const RunImport& effect);
  void on(const StoreConfiguration& effect);
  void on(const Notify&) {}
  void go_on();
  void read_next(std::int64_t run);
  void soon(int milliseconds, Event event);
  void store();

  Kept kept_;
  std::optional<mapping::Configuration> changed_;  ///< by the step that is being taken
  Watcher watcher_;
  std::shared_ptr<bool> here_ = std::make_shared<bool>(true);  ///< false: answers come to nobody
};

}  // namespace rekey::web
