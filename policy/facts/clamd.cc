#include "policy/facts/clamd.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "policy/base/result.h"
#include "policy/base/text.h"
#include "policy/facts/stream_exchange.h"

namespace postern {
namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kMaxReply = 1024;

using Written = StreamConnection::Written;

// A piece with its length before it, big-endian.
std::string Framed(std::string_view octets) {
  std::string framed;
  framed.reserve(octets.size() + 4);
  const auto size = static_cast<std::uint32_t>(octets.size());
  for (const int shift : {24, 16, 8, 0})
    framed += static_cast<char>(size >> shift);
  framed += octets;
  return framed;
}

Result<Written> WriteFramed(std::string_view octets,
                            const StreamConnection& connection) {
  Result<Written> written = Written::kAll;
  while (written && *written == Written::kAll && !octets.empty()) {
    written = connection.Write(Framed(octets.substr(0, kChunk)));
    octets.remove_prefix(std::min(kChunk, octets.size()));
  }
  return written;
}

Result<std::string> Scan(const ClamdConfig& config, const Message& message,
                         Deadline deadline) {
  const Result<StreamConnection> connection =
      StreamConnection::Open(config.socket, deadline);
  if (!connection) return std::unexpected(connection.error());
  const auto is_going_on = [](const Result<Written>& written) {
    return written && *written == Written::kAll;
  };
  Result<Written> written =
      connection->Write(std::string_view("zINSTREAM\0", 10));
  if (is_going_on(written))
    written = WriteFramed(ToOctets(message.header, Body()), *connection);
  if (is_going_on(written))
    written = WriteFramed(message.body.bytes(), *connection);
  if (is_going_on(written)) written = connection->Write(Framed({}));
  if (!written) return std::unexpected(written.error());
  // Interrupted: it says why it will not take more.
  return connection->Read(kMaxReply, '\0');
}

// "stream: OK", "stream: NAME FOUND", "... ERROR".
MalwareFact Read(std::string_view reply) {
  MalwareFact fact;
  reply = Trim(reply);
  constexpr std::string_view kFound = " FOUND";
  if (reply == "stream: OK") {
    fact.result = MalwareFact::Result::kClean;
  } else if (reply.starts_with("stream: ") && reply.ends_with(kFound)) {
    fact.result = MalwareFact::Result::kFound;
    reply.remove_prefix(8);
    reply.remove_suffix(kFound.size());
    fact.name = EscapeForLog(reply, 100);
  } else {
    fact.result = MalwareFact::Result::kUnknown;
    fact.reason = reply.empty() ? "clamd closed the connection"
                                : "clamd: " + EscapeForLog(reply, 100);
  }
  return fact;
}

}  // namespace

MalwareFact AskClamd(const ClamdConfig& config, const Message& message,
                     Deadline deadline) {
  if (config.socket.empty()) return {};
  const auto size = static_cast<std::int64_t>(message.body.size());
  if (size > config.max_message_bytes)
    return {.result = MalwareFact::Result::kUnknown,
            .reason = "larger than clamd.max_message_size"};
  const Result<std::string> reply =
      Scan(config, message, std::min(deadline, In(config.timeout)));
  if (reply) return Read(*reply);
  return {.result = MalwareFact::Result::kUnknown,
          .reason = config.socket + ": " + reply.error().message};
}

}  // namespace postern
