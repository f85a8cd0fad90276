// What a press asks of the connection, and the way back from the provider. It decides nothing about
// connections; that is the core's.
#pragma once

#include "web/model/callback.hpp"
#include "web/model/visit.hpp"

namespace rekey::web {

class Commands {
 public:
  explicit Commands(Visit& visit) : visit_(visit) {}

  // --- What the person presses ------------------------------------------------------------------
  void send(wire::Verb verb);
  /// What is about one list of the import: `retry_list`, `skip_list`.
  void send(wire::Verb verb, imports::Entity list);
  /// The switch: turning on only opens the tile. Turning off disconnects at once, but a grant that
  /// works is asked about first (`Model::disconnect_asked`).
  void turn(bool on);
  /// Answers that question.
  void answer_disconnect(bool yes);
  /// Answers whether a company that another firm has is to be connected here too.
  void answer_company(bool yes);
  /// The person answered on the pretended consent screen; no company: they refused.
  void answer_pretended(const connect::Company* company);
  void dismiss();
  /// The notices were shown.
  void mark_seen();

  // --- The way back from the provider (arriving.cpp)
  // ----------------------------------------------
  /// Takes what the address held, and the sign-ins that this tab began. Gives the connection whose
  /// page began the one that the address answers; empty: it answers none.
  std::string read_address(std::string query);
  /// Whether the address held a callback that was not used yet.
  bool came_back() const;
  /// Deals with what the provider sent back through the address, once.
  void arrive();
  /// The question about the company is over once the sign-in it is about is: cancelled in another
  /// tab, or too old. What was told goes on being said when time itself went on.
  void settle_company_question();
  /// Forgets the sign-ins that this connection's page began.
  void forget_attempts();
  /// This tab shows another connection: a callback of the one before is not used.
  void start_over() {
    held_.reset();
    told_ = 0;
  }

 private:
  void send(const wire::Command& command);
  void answered(wire::Verb verb, const Reply<wire::Outcome>& reply);
  void too_late(wire::Verb verb);
  void took(const wire::Outcome& outcome);
  const Attempt* attempt_of_address() const;
  void send_callback(const wire::Callback& callback, int tries_left);
  void callback_answered(const wire::Callback& callback, const Reply<wire::Outcome>& reply);
  void put_attempt(Attempt attempt);
  void mark_answered();

  Visit& visit_;
  std::string query_;                   ///< what the address held, until it was judged
  Attempts attempts_;                   ///< as they are kept in the tab
  std::string sent_query_;              ///< the callback that was sent on, until it was answered
  std::optional<wire::Callback> held_;  ///< waits for the answer about its company
  /// The version of the sign-in that waited while the person was told that another firm has its
  /// company, and said nothing; 0: none.
  std::int64_t told_ = 0;
};

/// That another firm has the company, after the code was used.
Message company_shared();

}  // namespace rekey::web
