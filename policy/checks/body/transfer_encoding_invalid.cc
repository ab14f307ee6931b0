// transfer-encoding-invalid: a multipart or message in base64, or an encoding
// nobody knows.

#include "policy/checks/catalogue.h"
#include "policy/facts/facts.h"

namespace postern {
namespace {

constexpr PredictedReply kPredicts[] = {
    {"selfhost",
     550,
     {5, 6, 0},
     "invalid message/* or multipart/* encoding domain",
     "Postfix strict_mime_encoding_domain, measured with 3.7"},
};

std::vector<Verdict> Run(const Facts& facts) {
  const MimeFacts& structure = facts.structure;
  if (!structure.container_encoding.empty())
    return FailsWith(structure.container_encoding);
  if (structure.unknown_encoding.empty()) return {};
  return FailsWith(structure.unknown_encoding);
}

}  // namespace

constinit const Check kTransferEncodingInvalid = {
    .id = "transfer-encoding-invalid",
    .rules = "M05",
    .summary = "A Content-Transfer-Encoding that cannot be.",
    .fix =
        "use 7bit, 8bit, quoted-printable or base64; on multipart and message "
        "parts 7bit or 8bit only",
    .cites = "RFC 2045 s.6.1, s.6.4",
    .level = Level::kShould,
    .action = Action::kMend,
    .otherwise = Action::kObserve,
    .predicts = kPredicts,
    .run = Run,
};

}  // namespace postern
