// The views and their parts, each in a file of its own.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "web/model/live_page.hpp"
#include "web/widget/widget.hpp"

namespace rekey::web::view {

/// The bar at the top: whose page this is, and the notices.
void bar(Ui& ui, LivePage& live);
/// The choice of the page's language: its button in the bar, and the panel that it opens.
void language_button(Ui& ui, LivePage& live);
void languages(Ui& ui, LivePage& live);
// The views.
/// The tiles, the steps, and what to do next.
void store(Ui& ui, LivePage& live);
/// All about the connection: since when, until when, what happens next, and what happened.
void connection(Ui& ui, LivePage& live);
/// Accounts, tax codes, customers, suppliers and the other settings.
void configuration(Ui& ui, LivePage& live);

/// The links to the views, the current one marked.
void views(Ui& ui, const Model& model);
/// The next heading is that of what the address names: it has the focus if the person has just come
/// there by a link or a press.
void arrive_next(Ui& ui, LivePage& live);
/// What is the case now, and the next step.
void banners(Ui& ui, LivePage& live);
/// That changes of the configuration are not saved, with the way there: for where the bar is not.
void unsaved(Ui& ui, const Model& model);
/// The tile of the connection.
void tile(Ui& ui, LivePage& live);
/// What is asked before a grant that works is ended, while it is.
void disconnect_question(Ui& ui, LivePage& live);
/// How many lines a save has left open, with a way to the first; nothing where none is.
void still_open(Ui& ui, LivePage& live);
/// The way to it alone; `go_to_open` is to be called where it was pressed.
[[nodiscard]] bool open_button(Ui& ui, const Model& model, bool small);
void go_to_open(LivePage& live);
/// The help in a panel at the side, and its button in the bar.
void help(Ui& ui, LivePage& live);
void help_button(Ui& ui, LivePage& live);
/// The notification tray: the import under way, and the history.
void tray(Ui& ui, LivePage& live);
/// What happened, newest first.
void history(Ui& ui, const Model& model);
/// The import in it, list by list, and what can be done about it.
void tray_import(Ui& ui, LivePage& live);

/// The lists and what else there is to look at, each with what waits there.
void navigation(Ui& ui, LivePage& live);
/// One list of mappings.
void section(Ui& ui, LivePage& live, mapping::Section section);
/// One of the host's records, with what is chosen for it. Gives what the person did to it, which is
/// to be called when no row is looked at any more; or nothing.
std::function<void()> mapping_row(Ui& ui, LivePage& live, mapping::Section section,
                                  const MappingRow& row, bool editable);
/// Whether there is something to see beside a row, and that: field by field, with a button that
/// takes it. Gives what is to be called when no row is looked at any more; or nothing.
bool can_compare(const MappingRow& row);
std::function<void()> compare(Ui& ui, LivePage& live, mapping::Section section,
                              const MappingRow& row, bool editable);
/// The reasons of a suggestion in words.
std::string reasons_of(const std::vector<mapping::Reason>& reasons);
/// Payment terms and what to do about records without a counterpart.
void other_settings(Ui& ui, LivePage& live);
/// What is not as it was when the configuration was saved.
void what_changed(Ui& ui, LivePage& live);
/// What keeps Save Configuration from being done, with a way to each.
void save_problems(Ui& ui, LivePage& live);

// What is shown instead of the lists when it is asked for.
void company_facts(Ui& ui, LivePage& live);
void versions(Ui& ui, LivePage& live);
void set_aside(Ui& ui, LivePage& live);
void sheet(Ui& ui, LivePage& live);

/// How much is decided, undo and redo, Save Configuration and what came of it: stays in sight, or
/// stands at the end of a page that has no height for it (`at_end`).
void save_bar(Ui& ui, LivePage& live, bool at_end);
/// What has to be answered before it is saved, and what was done to many lines at once.
void save_question(Ui& ui, LivePage& live);
void edit_toast(Ui& ui, LivePage& live);

/// The same before it is known whether it may be: nothing of it can be used.
void foreign_tile(Ui& ui, LivePage& live);
/// What is shown while there is nothing else to show: no session, no backend, no answer yet, a
/// question that comes first.
void instead(Ui& ui, LivePage& live);

/// The consent screen of the pretended provider.
void pretend(Ui& ui, LivePage& live);

/// "Back to Ledgerline", where the host gave an address.
void way_back(Ui& ui, const Model& model, bool primary = false);
/// "Done. Back to Ledgerline": the end of the way, where nothing is left to do.
void ending(Ui& ui, const Model& model);
/// "You are about to connect …": the last words before consent, with the firm and the person.
void who_connects(Ui& ui, const Model& model);
/// Whether only the customer can keep this connection alive: by signing in again.
bool asks_the_customer(const connect::Linked& phase);
/// A term, by the id of its words, and what is the case.
void fact(Ui& ui, std::string_view id, const std::string& value);
void company_row(Ui& ui, const connect::Company& company);
/// What the customer is told of a connection that has to be upgraded, sentence by sentence.
std::vector<std::string> legacy_words(const Model& model, const connect::Legacy& phase);
/// A way to the Integration store.
void store_link(Ui& ui);
void connect_button(Ui& ui, LivePage& live);
void renew_button(Ui& ui, LivePage& live, ButtonKind kind);
void import_button(Ui& ui, LivePage& live, ButtonKind kind);
/// A button that sends a command; possible only where the core says so, and else saying why not.
void command_button(Ui& ui, LivePage& live, wire::Verb verb, Button button);
/// The words of a message.
std::string words_of(const Message& message);
/// A message in its place, with Try again where that is possible. True: it was pressed now.
bool message_banner(Ui& ui, const Message& message, std::string_view key, bool again);
/// The text of a section: `what` is "title", "sentence" …
std::string say_of(mapping::Section section, std::string_view what, const Values& values = {});
/// What is not empty of it, with dots between.
std::string dotted(std::initializer_list<std::string_view> texts);
/// The page before and after of a list that is read a page at a time; gives the one that is wanted.
std::optional<std::size_t> turn_pages(Ui& ui, const std::string& name, const std::string& words,
                                      std::size_t page, bool has_after);

}  // namespace rekey::web::view
