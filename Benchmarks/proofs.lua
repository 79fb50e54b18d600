-- wrk: asks for the inclusion proof of one random leaf after another; TOKEN and LEAVES come from the environment.

function init()
  math.randomseed(2025)
  leaves = tonumber(os.getenv("LEAVES"))
  headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
end

function request()
  return wrk.format("GET", "/api/v1/journal/proof/" .. math.random(0, leaves - 1), headers)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"answers": %d, "refused": %d, "broken": %d, "mean_ms": %.4f, "p99_ms": %.4f}',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency.mean / 1e3, latency:percentile(99) / 1e3))
end
