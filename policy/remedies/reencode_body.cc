// Long lines, 8-bit octets and lone CR or LF: the parts that have them become
// quoted-printable or base64 with CRLF line ends (RFC 2045 s.6), so that no MTA
// on the way has a reason to change a signed byte.

#include "policy/message/reencode.h"

#include "policy/message/transfer_encoding.h"
#include "policy/remedies/remedy.h"

namespace postern {

bool ReencodeBody(const Facts& facts, Message* message) {
  // Where not all parts were read, nobody knows what is signed.
  if (facts.is_body_covered || facts.mime.is_over_limit) return false;
  // Offsets in facts.mime are those of the body as it came; several checks may
  // have asked for the same.
  if (message->body.bytes().data() != facts.message->body.bytes().data())
    return false;
  bool is_changed = false;
  if (facts.body.has_bare_cr || facts.body.has_bare_lf) {
    std::string clean = ToCrlf(message->body.bytes());
    if (clean != message->body.bytes()) {
      message->body = Body::FromString(std::move(clean));
      is_changed = true;
    }
  }
  const MimeStructure structure =
      is_changed ? ReadMime(message->header, message->body) : facts.mime;
  std::optional<Reencoded> reencoded =
      ReencodeForTransport(*message, structure);
  if (!reencoded) return is_changed;
  message->header = std::move(reencoded->header);
  message->body = std::move(reencoded->body);
  return true;
}

}  // namespace postern
