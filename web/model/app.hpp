// The page at work: what a press does, and what the backend's answers change. It decides nothing
// about connections; that is the core's.
#pragma once

#include <memory>

#include "web/model/backend.hpp"
#include "web/model/callback.hpp"
#include "web/model/later.hpp"
#include "web/model/model.hpp"
#include "web/platform/platform.hpp"

namespace rekey::web {

class App {
 public:
  explicit App(std::unique_ptr<Backend> backend);

  const Model& model() const { return model_; }
  Model& model() { return model_; }

  /// Reads the address, signs in if it brings a session, and asks how things stand.
  void start();
  /// Asks anew: the page came back from the browser's memory, or the person pressed "Try again".
  void start_again();

  // --- Whose page this tab shows ---------------------------------------------------------------
  /// Shows the page of a session that this browser has.
  void go_on(const std::string& connection);
  /// Answers the question before another firm's link: go on with it, or leave all as it was.
  void open_link();
  void keep_as_it_is();
  /// The switch was pressed before that question was answered.
  void pressed_early();
  /// Ends the session of this tab's connection, once what was chosen last is kept.
  void sign_out();

  /// Tries the page without a server, from now on in this tab; and the end of that.
  void try_offline();
  void leave_offline();
  /// The person answered on the pretended consent screen; no company: they refused.
  void answer_pretended(const connect::Company* company);

  // --- The connection -------------------------------------------------------------------------
  void send(wire::Verb verb);
  /// The switch: turning on only opens the tile; turning off disconnects at once.
  void turn(bool on);
  /// Answers whether a company that another firm has is to be connected here too.
  void answer_company(bool yes);
  void dismiss();
  /// The notices were shown.
  void mark_seen();

  // --- The configuration ------------------------------------------------------------------------
  void choose(mapping::Section section, std::size_t row, const std::string& value);
  void keep(mapping::Section section, std::size_t row);
  void set(const mapping::Settings& settings);
  void look(mapping::Section section, Filter filter, std::string search);
  void save();
  void load_configuration();

 private:
  // starting.cpp
  void use_offline();
  void enter();
  void load_page();
  void show_page(wire::Page page);
  void not_ready(const Trouble& trouble);
  void watch();
  // sessions.cpp
  void take_up(const std::string& connection);
  void learn(const wire::WayOn& way);
  void sign_in(bool confirmed);
  void ask_about_link(const wire::WayOn& way);
  void ask_sessions();
  void show_sessions(wire::Sessions sessions);
  void learn_sessions();
  void without_session();
  void session_ended(const Trouble& trouble);
  void finish_sign_out();
  void signed_out();
  // arriving.cpp
  const Attempt* attempt_of_address() const;
  void arrive();
  void send_callback(const wire::Callback& callback, int tries_left);
  void callback_answered(const wire::Callback& callback, const Reply<wire::Outcome>& reply);
  void put_attempt(Attempt attempt);
  void mark_answered();
  void settle_company_question();
  // place.cpp
  std::string own_key(std::string_view name) const;
  void restore_place();
  void keep_place();
  void forget_place();
  void keep_unsent();
  void restore_unsent();
  void restore_looks();
  // app.cpp
  void took(const wire::Outcome& outcome);
  void failed(const Trouble& trouble, std::string_view title, bool while_saving = false);
  void refresh_state();
  // editing.cpp
  void after_step();
  void autosave(int after_ms);
  void keep_draft();
  void kept(Reply<wire::Outcome> reply, std::size_t edits, const mapping::Settings& settings);
  void confirm_sent(std::size_t edits, const mapping::Settings& settings);
  void edited();
  void post_save();
  void saved(Reply<wire::Outcome> reply, const mapping::Configuration& sent, std::size_t edits);
  void changed_elsewhere(bool while_saving);

  Model model_;
  std::unique_ptr<Backend> backend_;
  std::string query_;  ///< what the address held, until it was judged
  std::string token_;  ///< the one-time token of the address, until it was exchanged
  bool link_was_used_ = false;
  std::string connection_;      ///< the one this tab shows; empty: not known yet
  bool taken_up_ = false;       ///< the model is of that connection
  bool signed_in_now_ = false;  ///< by this link, and no answer has come with its cookie yet
  Attempts attempts_;           ///< as they are kept in the tab
  std::string sent_query_;      ///< the callback that was sent on, until it was answered
  std::optional<wire::Callback> held_;  ///< waits for the answer about its company
  int loading_ = 0;                     ///< a generation: answers to an earlier start are not used
  bool keeping_ = false;                ///< a draft is on its way
  bool autosave_set_ = false;
  bool save_wanted_ = false;
  bool sign_out_wanted_ = false;
  bool blocked_ = false;  ///< the backend refused these choices: they wait for another change
  std::int64_t loaded_run_ = -1;
  bool stream_open_ = false;
  wire::Json place_ = wire::Json::array();  ///< the looks of the sections before a reload
};

}  // namespace rekey::web
