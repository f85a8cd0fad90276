// The parts of the one screen, each in a file of its own.
#pragma once

#include <string>
#include <string_view>

#include "web/model/live_page.hpp"
#include "web/widget/widget.hpp"

namespace rekey::web::view {

/// The bar at the top: whose page this is, and the notices.
void bar(Ui& ui, LivePage& live);
/// What is the case now, and the next step.
void banners(Ui& ui, LivePage& live);
/// The tile of the connection.
void tile(Ui& ui, LivePage& live);
/// The notification tray: the import under way, and the history.
void tray(Ui& ui, LivePage& live);
/// Accounts, tax codes, customers, suppliers and the other settings.
void configuration(Ui& ui, LivePage& live);
/// One list of mappings.
void section(Ui& ui, LivePage& live, mapping::Section section);
/// Payment terms and what to do about records without a counterpart.
void other_settings(Ui& ui, LivePage& live);
/// Save Configuration, and what came of it.
void save_bar(Ui& ui, LivePage& live);
/// The same before it is known whether it may be: nothing of it can be used.
void foreign_tile(Ui& ui, LivePage& live);
/// What is shown while there is nothing else to show: no session, no backend, no answer yet, a
/// question that comes first.
void instead(Ui& ui, LivePage& live);

/// The consent screen of the pretended provider.
void pretend(Ui& ui, LivePage& live);

/// "Back to Ledgerline", where the host gave an address.
void way_back(Ui& ui, const Model& model, bool primary = false);
/// A button that sends a command; possible only where the core says so, and else saying why not.
void command_button(Ui& ui, LivePage& live, wire::Verb verb, Button button);
/// The words of a message.
std::string words_of(const Message& message);

}  // namespace rekey::web::view
