// winmail-dat: Outlook's own wrapping (TNEF), which only Microsoft's systems
// can open.

#include <string>

#include "policy/checks/attachments/by_receiver.h"
#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

std::vector<Verdict> Run(const Facts& facts) {
  if (!facts.attachments.has_tnef) return {};
  return ByReceiver(facts, [](const ReceiverProfile& profile) {
    const bool is_microsoft =
        profile.name == "m365" || profile.name == "outlook";
    return is_microsoft ? std::string() : std::string("winmail.dat");
  });
}

}  // namespace

constinit const Check kWinmailDat = {
    .id = "winmail-dat",
    .rules = "M14",
    .summary = "The attachments are wrapped in winmail.dat.",
    .fix =
        "turn rich text off for other systems; Exchange: Set-RemoteDomain "
        "Default -TNEFEnabled $false",
    .cites = "[MS-OXTNEF]",
    .level = Level::kNotice,
    .action = Action::kObserve,
    .run = Run,
};

}  // namespace postern
