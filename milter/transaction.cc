#include "milter/transaction.h"

#include <utility>

namespace postern {

Transaction::Transaction(Begin begin)
    : rulebook_(std::move(begin.rulebook)),
      envelope_(std::move(begin.envelope)),
      body_(std::move(begin.spool_directory), std::move(begin.bodies)),
      place_(std::move(begin.place)) {}

void Transaction::AddRecipient(ForwardPath recipient) {
  envelope_.recipients.push_back(std::move(recipient));
}

void Transaction::AddHeader(std::string name, std::string value) {
  header_.Receive(std::move(name), std::move(value));
}

void Transaction::AddBody(std::string_view chunk) {
  if (!spoilt_.empty()) return;
  const Result<void> written = body_.Append(chunk);
  if (!written) Spoil(written.error().message);
}

void Transaction::Spoil(std::string why) {
  if (spoilt_.empty()) spoilt_ = std::move(why);
}

Result<Message> Transaction::Finish() {
  if (!spoilt_.empty()) return Fail(spoilt_);
  Result<Body> body = body_.Finish();
  if (!body) return std::unexpected(body.error());
  Message message;
  message.envelope = std::move(envelope_);
  message.header = std::move(header_);
  message.body = std::move(*body);
  return message;
}

}  // namespace postern
