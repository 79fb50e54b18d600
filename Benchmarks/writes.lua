-- wrk: each request reports a fresh address under an idempotency key of its own.
-- TOKEN, RUN (what makes this run's addresses its own) and SENDING (seconds) come from the environment.
-- Sending stops before wrk does, so that every request that was sent is also answered and counted.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } timespec_t;
  int clock_gettime(int clock, timespec_t *time);
]]

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function now()
  local time = ffi.new("timespec_t")
  ffi.C.clock_gettime(1, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

function init()
  count = 0
  run = os.getenv("RUN")
  headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
  finish = now() + tonumber(os.getenv("SENDING"))
end

-- Milliseconds before the next request of a connection: none while sending, an hour after it.
function delay()
  return now() < finish and 0 or 3600000
end

function request()
  count = count + 1
  local own = run .. "_" .. number .. "_" .. count
  headers["Idempotency-Key"] = own
  local address = count % 2 == 0 and "https://t.me/bench_" .. run .. number .. "/" .. count
    or "https://x.com/bench/status/" .. tonumber(run, 16) .. number .. string.format("%09d", count)
  return wrk.format("POST", "/api/v1/items", headers, '{"address":"' .. address .. '"}')
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers": %d, "refused": %d, "broken": %d, "mean_ms": %.3f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency.mean / 1e3, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
