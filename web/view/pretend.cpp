// The consent screen of the pretended provider: what the person would see at the provider, in
// short.
#include "web/model/offline.hpp"
#include "web/view/parts.hpp"

namespace rekey::web::view {

void pretend(Ui& ui, LivePage& live) {
  arrive_next(ui, live);
  ui.heading(1, say("pretend.heading"));
  ui.text(say("pretend.sentence"), {.tone = Tone::muted});
  ui.card({.name = say("pretend.card"), .key = "consent"}, [&] {
    ui.heading(2, say("pretend.card"));
    ui.text(say("pretend.question", {{"host", live.model().page.host}}));
    for (const auto& each : pretended_companies()) {
      const auto name = say("pretend.allow", {{"company", each.name}});
      if (ui.button({.name = name,
                     .kind = ButtonKind::primary,
                     .icon = Icon::building_2,
                     .key = each.realm_id}))
        live.commands.answer_pretended(&each);
    }
    if (ui.button({.name = say("pretend.deny"), .key = "deny"}))
      live.commands.answer_pretended(nullptr);
  });
}

}  // namespace rekey::web::view
