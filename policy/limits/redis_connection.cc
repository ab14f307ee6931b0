#include "policy/limits/redis_connection.h"

#include <hiredis/hiredis.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "policy/base/call_free.h"
#include "policy/base/text.h"
#include "policy/config/files.h"

namespace postern {
namespace {

constexpr std::size_t kMostReplyBytes = std::size_t{64} << 20;
constexpr int kOldestMajor = 6;

RedisReply Taken(const redisReply& raw) {
  RedisReply reply;
  switch (raw.type) {
    case REDIS_REPLY_INTEGER:
      reply.kind = RedisReply::Kind::kInteger;
      reply.integer = raw.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = RedisReply::Kind::kText;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = RedisReply::Kind::kError;
      reply.text.assign(raw.str, raw.len);
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = RedisReply::Kind::kArray;
      for (std::size_t i = 0; i < raw.elements; ++i)
        reply.elements.push_back(Taken(*raw.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

void Append(const RedisCommand& command, std::string* wire) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  words.reserve(command.size());
  sizes.reserve(command.size());
  for (const std::string_view word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* formatted = nullptr;
  const int size = redisFormatCommandArgv(
      &formatted, static_cast<int>(words.size()), words.data(), sizes.data());
  if (size > 0) wire->append(formatted, static_cast<std::size_t>(size));
  redisFreeCommand(formatted);
}

// What HELLO says of one thing: names and values take turns.
std::string_view Said(const RedisReply& hello, std::string_view name) {
  for (std::size_t i = 0; i + 1 < hello.elements.size(); i += 2)
    if (hello.elements[i].text == name) return hello.elements[i + 1].text;
  return {};
}

int MajorOf(std::string_view version) {
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

}  // namespace

Result<std::string> RedisPassword(const RedisConfig& config) {
  if (config.password_file.empty()) {
    const char* given = std::getenv("POSTERN_REDIS_PASSWORD");
    return std::string(given != nullptr ? given : "");
  }
  struct stat status{};
  if (stat(config.password_file.c_str(), &status) == 0 &&
      (status.st_mode & S_IRWXO) != 0)
    return Fail(
        fmt::format("redis.password_file {}: open to everybody on this host; "
                    "chmod 640 it",
                    config.password_file));
  const Result<std::string> text = ReadTextFile(config.password_file, 1);
  if (!text) return std::unexpected(text.error());
  std::string password(Trim(Split(*text, '\n').front()));
  if (password.empty())
    return Fail(fmt::format("redis.password_file {}: its first line is empty",
                            config.password_file));
  return password;
}

struct RedisConnection::Reader {
  std::unique_ptr<redisReader, CallFree<redisReaderFree>> reader{
      redisReaderCreate()};
};

RedisConnection::RedisConnection(std::string server,
                                 std::unique_ptr<RedisStream> stream)
    : server_(std::move(server)),
      stream_(std::move(stream)),
      reader_(std::make_unique<Reader>()) {}

RedisConnection::~RedisConnection() = default;

std::unexpected<Error> RedisConnection::Broken(std::string_view why) const {
  return Fail(fmt::format("{}: {}", server_, why));
}

Result<std::unique_ptr<RedisConnection>> RedisConnection::Open(
    const RedisConfig& config, Deadline deadline) {
  auto stream = RedisStream::Open(config, deadline);
  if (!stream)
    return Fail(fmt::format("{}: {}", config.server, stream.error().message));
  std::unique_ptr<RedisConnection> connection(
      new RedisConnection(config.server, std::move(*stream)));
  const Result<void> greeted = connection->Greet(config, deadline);
  if (!greeted) return std::unexpected(greeted.error());
  return connection;
}

Result<void> RedisConnection::Greet(const RedisConfig& config,
                                    Deadline deadline) {
  const Result<std::string> password = RedisPassword(config);
  if (!password) return std::unexpected(password.error());
  RedisCommand hello = {"HELLO", "2"};
  const std::string_view user =
      config.user.empty() ? "default" : std::string_view(config.user);
  if (!password->empty()) hello.insert(hello.end(), {"AUTH", user, *password});
  const Result<RedisReply> greeting = Call(hello, deadline);
  if (!greeting) return std::unexpected(greeting.error());
  if (greeting->kind == RedisReply::Kind::kError) {
    // Before Redis 6 there is no HELLO.
    if (StartsWithIgnoreCase(greeting->text, "ERR unknown command"))
      return Broken("older than Redis 6; the limits need 6 or later");
    // The reply never repeats the password.
    return Broken(fmt::format("{}; see redis.user and redis.password_file",
                              EscapeForLog(greeting->text)));
  }
  const std::string_view version = Said(*greeting, "version");
  if (MajorOf(version) < kOldestMajor)
    return Broken(fmt::format("version {}; the limits need Redis 6 or later",
                              EscapeForLog(version)));
  if (Said(*greeting, "role") == "replica")
    return Broken("a read-only replica; name the primary in redis.server");
  if (config.database == 0) return {};
  const std::string number = std::to_string(config.database);
  const Result<RedisReply> chosen = Call({"SELECT", number}, deadline);
  if (!chosen) return std::unexpected(chosen.error());
  if (chosen->kind == RedisReply::Kind::kError)
    return Broken(fmt::format("redis.database {}: {}", number,
                              EscapeForLog(chosen->text)));
  return {};
}

Result<RedisReply> RedisConnection::Call(const RedisCommand& command,
                                         Deadline deadline) {
  Result<std::vector<RedisReply>> replies = Call({&command, 1}, deadline);
  if (!replies) return std::unexpected(replies.error());
  return std::move(replies->front());
}

Result<std::vector<RedisReply>> RedisConnection::Call(
    std::span<const RedisCommand> commands, Deadline deadline) {
  std::string wire;
  for (const RedisCommand& command : commands) Append(command, &wire);
  const Result<void> sent = stream_->Write(wire, deadline);
  if (!sent) return Broken(sent.error().message);
  std::vector<RedisReply> replies;
  while (replies.size() < commands.size()) {
    Result<RedisReply> reply = Receive(deadline);
    if (!reply) return std::unexpected(reply.error());
    replies.push_back(std::move(*reply));
  }
  return replies;
}

Result<RedisReply> RedisConnection::Receive(Deadline deadline) {
  redisReader* reader = reader_->reader.get();
  std::size_t total = 0;
  for (;;) {
    void* raw = nullptr;
    if (redisReaderGetReply(reader, &raw) != REDIS_OK)
      return Broken(fmt::format("not a Redis: {}",
                                EscapeForLog(redisReaderGetError(reader))));
    if (raw != nullptr) {
      const std::unique_ptr<redisReply, CallFree<freeReplyObject>> reply(
          static_cast<redisReply*>(raw));
      return Taken(*reply);
    }
    std::array<char, 16 * 1024> piece;  // its octets are written first
    const Result<std::size_t> got = stream_->Read(piece, deadline);
    if (!got) return Broken(got.error().message);
    total += *got;
    if (total > kMostReplyBytes) return Broken("a reply without end");
    if (redisReaderFeed(reader, piece.data(), *got) != REDIS_OK)
      return Broken("no memory for the reply");
  }
}

Result<void> RedisConnection::Load(std::string_view script, Deadline deadline) {
  const Result<RedisReply> loaded = Call({"SCRIPT", "LOAD", script}, deadline);
  if (!loaded) return std::unexpected(loaded.error());
  if (loaded->kind != RedisReply::Kind::kText)
    return Broken("takes no script: " + EscapeForLog(loaded->text));
  digest_ = loaded->text;
  return {};
}

Result<std::vector<RedisReply>> RedisConnection::Run(
    std::string_view script, std::span<const RedisCommand> arguments,
    Deadline deadline) {
  const auto is_forgotten = [](const RedisReply& reply) {
    return reply.kind == RedisReply::Kind::kError &&
           reply.text.starts_with("NOSCRIPT");
  };
  for (bool is_again = false;; is_again = true) {
    if (digest_.empty() || is_again) {
      const Result<void> loaded = Load(script, deadline);
      if (!loaded) return std::unexpected(loaded.error());
    }
    std::vector<RedisCommand> commands;
    for (const RedisCommand& one : arguments) {
      RedisCommand& command = commands.emplace_back();
      command = {"EVALSHA", digest_};
      command.insert(command.end(), one.begin(), one.end());
    }
    Result<std::vector<RedisReply>> replies = Call(commands, deadline);
    // Forgotten by one is forgotten by all: nothing was done yet.
    if (is_again || !replies || !std::ranges::all_of(*replies, is_forgotten))
      return replies;
  }
}

}  // namespace postern
