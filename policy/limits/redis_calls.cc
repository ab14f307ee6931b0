#include "policy/limits/redis_calls.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "policy/base/text.h"
#include "policy/limits/redis_counter.h"
#include "policy/limits/redis_script.h"

namespace postern {
namespace {

constexpr std::int64_t kToBeConverted = 2;
// Two who count by different rates convert the same counter to and fro.
constexpr int kMostConversions = 8;

// A cluster that is being rearranged may send us on more than once.
constexpr int kMostMoves = 4;

// A counter that is to take the place of another.
struct Replacement {
  std::string place, expected, state;
};

struct Words {
  std::string keys, now, asks;
  RedisCommand all;
};

bool TakesAsks(std::string_view operation) {
  return operation == "reserve" || operation == "commit";
}

// The arguments of EVALSHA after the digest; they refer to words, operation and
// replacements.
void WriteWords(const RedisOperation& operation, std::string_view clock_name,
                std::span<const Replacement> replacements, Words* words) {
  words->keys = std::to_string(operation.claims.size() + 1);
  words->now = std::to_string(operation.now_us);
  words->all = {words->keys, clock_name};
  for (const RedisClaim& claim : operation.claims)
    words->all.emplace_back(claim.name);
  words->all.insert(words->all.end(), {operation.name, words->now});
  for (const std::string& argument : operation.arguments)
    words->all.emplace_back(argument);
  if (!TakesAsks(operation.name)) return;
  for (const RedisClaim& claim : operation.claims) words->asks += claim.ask;
  words->all.emplace_back(words->asks);
  for (const Replacement& one : replacements)
    words->all.insert(words->all.end(), {one.place, one.expected, one.state});
}

// nullopt: the reply makes no sense.
std::optional<std::vector<Replacement>> Convert(
    const RedisReply& reply, std::span<const RedisClaim> claims) {
  std::vector<Replacement> replacements;
  const std::int64_t now_us = reply.elements[1].integer;
  for (std::size_t i = 2; i + 1 < reply.elements.size(); i += 2) {
    const auto place = static_cast<std::size_t>(reply.elements[i].integer);
    const std::string& state = reply.elements[i + 1].text;
    const std::optional<RedisCounter> counter = DecodeCounter(state);
    if (!counter || place >= claims.size()) return std::nullopt;
    replacements.push_back(
        {std::to_string(place), state,
         EncodeCounter(Converted(*counter, claims[place].terms, now_us))});
  }
  return replacements;
}

// "MOVED 3999 127.0.0.1:6381": all keys of a deployment are at that node, and
// nothing was done. Empty: done here, or no address is told.
std::string NodeNamed(std::span<const RedisReply> replies) {
  for (const RedisReply& reply : replies) {
    if (reply.kind != RedisReply::Kind::kError ||
        !reply.text.starts_with("MOVED "))
      continue;
    const std::string node = reply.text.substr(reply.text.rfind(' ') + 1);
    const bool is_told = !node.starts_with(':') && !node.starts_with('?');
    return is_told ? node : std::string();
  }
  return {};
}

}  // namespace

bool RedisCalls::NeedsConversion(const RedisReply& reply) {
  return reply.elements.size() >= 2 &&
         reply.elements.front().integer == kToBeConverted;
}

std::string RedisCalls::Explain(const RedisReply& refusal) const {
  const std::string& text = refusal.text;
  std::string_view advice;
  if (text.starts_with("OOM"))
    advice = "; its memory is full: raise maxmemory";
  else if (text.starts_with("WRONGTYPE"))
    advice =
        "; a key of this deployment holds something else: choose another "
        "redis.deployment or redis.database";
  else if (text.starts_with("READONLY"))
    advice = "; a read-only replica: name the primary in redis.server";
  else if (text.starts_with("MOVED"))
    advice =
        "; another node of the cluster keeps this deployment and tells no "
        "address: name that one in redis.server";
  else if (text.starts_with("NOPERM"))
    advice =
        "; the user needs +evalsha +script|load +get +mget +set +del +time "
        "+scan +info on its keys";
  return fmt::format("{}: {}{}", config_.server, EscapeForLog(text), advice);
}

RedisResult<std::vector<RedisReply>> RedisCalls::Ask(const Question& question,
                                                     Deadline deadline) {
  for (int moves = 0;; ++moves) {
    auto connection = pool_.Take(deadline);
    if (!connection)
      return std::unexpected(RedisFault{RedisFault::Kind::kUnreachable,
                                        connection.error().message});
    Result<std::vector<RedisReply>> replies = question(connection->get());
    if (!replies) {
      pool_.Drop(std::move(*connection));
      return std::unexpected(
          RedisFault{RedisFault::Kind::kBroken, replies.error().message});
    }
    std::string node = NodeNamed(*replies);
    if (!node.empty() && moves < kMostMoves) {
      pool_.Follow(std::move(*connection), std::move(node));
      continue;
    }
    // A primary that became a replica: its successor may be behind the address.
    const bool is_demoted =
        !replies->empty() && replies->front().text.starts_with("READONLY");
    if (is_demoted)
      pool_.Drop(std::move(*connection));
    else
      pool_.Return(std::move(*connection));
    return std::move(*replies);
  }
}

RedisResult<std::vector<RedisReply>> RedisCalls::RunAll(
    std::span<const RedisOperation> operations, Deadline deadline) {
  const std::string clock_name = RedisKeyPrefix(config_.deployment) + "clock";
  std::vector<Words> words(operations.size());
  std::vector<RedisCommand> commands;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    WriteWords(operations[i], clock_name, {}, &words[i]);
    commands.push_back(words[i].all);
  }
  return Ask(
      [&](RedisConnection* connection) {
        return connection->Run(RedisScript(), commands, deadline);
      },
      deadline);
}

RedisResult<RedisReply> RedisCalls::Run(const RedisOperation& operation,
                                        Deadline deadline) {
  const std::string clock_name = RedisKeyPrefix(config_.deployment) + "clock";
  const auto refused = [](std::string why) {
    return std::unexpected(
        RedisFault{RedisFault::Kind::kRefused, std::move(why)});
  };
  std::vector<Replacement> replacements;
  for (int i = 0; i < kMostConversions; ++i) {
    Words words;
    WriteWords(operation, clock_name, replacements, &words);
    auto replies = Ask(
        [&](RedisConnection* connection) {
          return connection->Run(RedisScript(), {&words.all, 1}, deadline);
        },
        deadline);
    if (!replies) return std::unexpected(replies.error());
    RedisReply& reply = replies->front();
    if (reply.kind == RedisReply::Kind::kError) return refused(Explain(reply));
    if (!NeedsConversion(reply)) return std::move(reply);
    auto converted = Convert(reply, operation.claims);
    if (!converted)
      return refused(config_.server + ": a counter that cannot be read");
    replacements = std::move(*converted);
  }
  return refused(fmt::format(
      "{}: others count the same limits by other rates; make the [[limits]] of "
      "all who share redis.deployment \"{}\" the same",
      config_.server, EscapeForLog(config_.deployment)));
}

}  // namespace postern
