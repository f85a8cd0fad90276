// Whose page this tab shows: the link that was opened, the sessions of this browser, how the page
// starts, the stream of what happens, and the end of a session.
#pragma once

#include "web/model/commands.hpp"
#include "web/model/editing.hpp"

namespace rekey::web {

class Session {
 public:
  /// Wires the parts: a newer state is told to both, and the end of the session comes here.
  Session(Visit& visit, Commands& commands, Editing& editing);

  /// Reads the address, signs in if it brings a session, and asks how things stand.
  void start();
  /// Asks anew: the page came back from the browser's memory, or the person pressed "Try again".
  void start_again();
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

 private:
  // starting.cpp
  void use_offline();
  void enter();
  void load_page();
  void show_page(wire::Page page);
  void not_ready(const Trouble& trouble);
  void watch();
  void stream_lost(int status, bool ended);
  // session.cpp
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

  Visit& visit_;
  Commands& commands_;
  Editing& editing_;
  std::string token_;  ///< the one-time token of the address, until it was exchanged
  bool link_was_used_ = false;
  bool taken_up_ = false;       ///< the model is of the connection that this tab shows
  bool signed_in_now_ = false;  ///< by this link, and no answer has come with its cookie yet
  bool stream_open_ = false;
};

}  // namespace rekey::web
