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
  /// Goes on with the session there is, although the link that was opened could not be used.
  void go_on();

  /// Tries the page without a server, from now on in this tab; and the end of that.
  void try_offline();
  void leave_offline();
  /// The person answered on the pretended consent screen; no company: they refused.
  void answer_pretended(const connect::Company* company);

  // --- The connection -------------------------------------------------------------------------
  void send(wire::Verb verb);
  /// The switch: turning on only opens the tile; turning off disconnects at once.
  void turn(bool on);
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
  void load_page();
  void show_page(wire::Page page);
  void not_ready(const Trouble& trouble, bool link_was_used);
  void arrive();
  void send_callback(const wire::Callback& callback, int tries_left);
  void mark_answered();
  void watch();
  void restore_place();
  void keep_place();
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
  void restore_looks();

  Model model_;
  std::unique_ptr<Backend> backend_;
  std::string query_;  ///< what the address held, until it was judged
  std::string token_;  ///< the one-time token of the address, until it was exchanged
  bool link_was_used_ = false;
  int loading_ = 0;       ///< a generation: answers to an earlier start are not used
  bool keeping_ = false;  ///< a draft is on its way
  bool autosave_set_ = false;
  bool save_wanted_ = false;
  bool blocked_ = false;  ///< the backend refused these choices: they wait for another change
  std::int64_t loaded_run_ = -1;
  bool stream_open_ = false;
  wire::Json place_ = wire::Json::array();  ///< the looks of the sections before a reload
};

}  // namespace rekey::web
