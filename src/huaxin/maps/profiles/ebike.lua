-- Routing profile of a courier's e-bike (电动自行车, new national standard: 25 km/h at most).
--
-- Rides where bicycles may ride, obeys one-way streets, pushes the bike over short pedestrian bits and the
-- wrong way along small one-way streets, never takes stairs. Gates and "destination" access are open: a
-- courier always has a destination. Turn restrictions are ignored: a bike crosses in two steps.

api_version = 4

local CAP = 25          -- km/h
local WALK = 4.5        -- km/h, pushing the bike
local SIGNAL = 14       -- seconds lost on average at a traffic light
local TURN = 5          -- seconds lost in a sharp turn

-- Travelling speed in km/h: the cap on roads with room, less where people walk and cars park.
local SPEED = {
  trunk = 24, trunk_link = 22, primary = 24, primary_link = 22, secondary = 24, secondary_link = 22,
  tertiary = 22, tertiary_link = 20, unclassified = 20, residential = 18, road = 18, living_street = 12,
  service = 14, cycleway = 22, path = 12, track = 12, bridleway = 10, busway = 0,
}
local PUSH = { footway = true, pedestrian = true, platform = true, corridor = true }
local SMALL = { residential = true, living_street = true, service = true, unclassified = true }
local NEVER = { steps = true, motorway = true, motorway_link = true, construction = true, proposed = true, elevator = true }
local FORBID = { no = true, agricultural = true, forestry = true, use_sidepath = true, emergency = true }
local ALLOW = { yes = true, designated = true, permissive = true, destination = true, official = true }
local SURFACE_CAP = {
  cobblestone = 10, sett = 12, unhewn_cobblestone = 8, gravel = 12, dirt = 10, earth = 10, ground = 12,
  grass = 6, sand = 6, mud = 5, unpaved = 12, compacted = 16, fine_gravel = 14,
}
local WALLS = { wall = true, fence = true, block = false, bollard = false, yes = true, debris = true }

function setup()
  return {
    properties = {
      weight_name = 'duration',
      max_speed_for_map_matching = 40 / 3.6,
      u_turn_penalty = 15,
      traffic_signal_penalty = SIGNAL,
      use_turn_restrictions = false,
      continue_straight_at_waypoint = false,
      process_call_tagless_node = false,
      left_hand_driving = false,
    },
  }
end

local function tag(object, key)
  local value = object:get_value_by_key(key)
  if value and value ~= '' then return value end
  return nil
end

-- The most specific access tag decides: bicycle, then vehicle, then access. nil when nothing is said.
local function access(object)
  return tag(object, 'electric_bicycle') or tag(object, 'bicycle') or tag(object, 'vehicle') or tag(object, 'access')
end

function process_node(profile, node, result)
  local barrier = tag(node, 'barrier')
  if barrier and WALLS[barrier] and not ALLOW[access(node) or ''] then
    result.barrier = true
  elseif barrier and (tag(node, 'bicycle') == 'no' or tag(node, 'access') == 'no') and not ALLOW[access(node) or ''] then
    result.barrier = true
  end
  if tag(node, 'highway') == 'traffic_signals' or tag(node, 'crossing') == 'traffic_signals' then
    result.traffic_lights = true
  end
end

-- Is riding allowed at all, is pushing?
local function permissions(way, highway)
  local bicycle = tag(way, 'electric_bicycle') or tag(way, 'bicycle')
  local said = access(way)
  if tag(way, 'motorroad') == 'yes' and not ALLOW[bicycle or ''] then return false, false end
  local foot = tag(way, 'foot')
  local may_walk = foot ~= 'no' and not (said == 'no' and not bicycle and not ALLOW[foot or ''])
  if bicycle == 'dismount' then return false, may_walk end
  if said and FORBID[said] then
    return false, may_walk and (PUSH[highway] or ALLOW[foot or ''] or false)
  end
  if PUSH[highway] then return ALLOW[bicycle or ''] or false, may_walk end
  return (SPEED[highway] or 0) > 0, may_walk
end

-- Which directions are open to a bicycle: forward, backward.
local function directions(way)
  local oneway = tag(way, 'oneway')
  local junction = tag(way, 'junction')
  if not oneway and (junction == 'roundabout' or junction == 'circular') then oneway = 'yes' end
  oneway = tag(way, 'oneway:bicycle') or oneway
  if oneway == 'yes' or oneway == '1' or oneway == 'true' then
    for _, key in ipairs({ 'cycleway', 'cycleway:left', 'cycleway:both' }) do
      local lane = tag(way, key)
      if lane == 'opposite' or lane == 'opposite_lane' or lane == 'opposite_track' then return true, true end
    end
    if tag(way, 'cycleway:left:oneway') == 'no' or tag(way, 'cycleway:right:oneway') == 'no' then return true, true end
    return true, false
  end
  if oneway == '-1' or oneway == 'reverse' then return false, true end
  return true, true
end

local function riding_speed(way, highway)
  local speed = SPEED[highway] or 12
  if PUSH[highway] then speed = 10 end
  local cap = SURFACE_CAP[tag(way, 'surface') or '']
  if cap then speed = math.min(speed, cap) end
  local limit = tonumber(tag(way, 'maxspeed') or '')
  if limit and limit > 0 then speed = math.min(speed, limit) end
  return math.min(speed, CAP)
end

function process_way(profile, way, result)
  local highway = tag(way, 'highway')
  local ferry = tag(way, 'route') == 'ferry'
  if ferry then
    if FORBID[access(way) or ''] then return end
    result.forward_mode, result.backward_mode = mode.ferry, mode.ferry
    result.forward_speed, result.backward_speed = 6, 6
    result.name = tag(way, 'name') or ''
    return
  end
  if not highway or NEVER[highway] or tag(way, 'area') == 'yes' or tag(way, 'impassable') == 'yes' then return end
  local ride, walk = permissions(way, highway)
  if not ride and not walk then return end
  if not ride and not PUSH[highway] and not ALLOW[tag(way, 'foot') or ''] and tag(way, 'bicycle') ~= 'dismount' then return end

  local forward, backward = directions(way)
  local speed = riding_speed(way, highway)
  local push_back = walk and (SMALL[highway] or not ride)
  local function set(open)
    if ride and open then return mode.cycling, speed end
    if walk and (open and not ride or push_back) then return mode.pushing_bike, WALK end
    return mode.inaccessible, 0
  end
  result.forward_mode, result.forward_speed = set(forward)
  result.backward_mode, result.backward_speed = set(backward)
  if result.forward_speed == 0 and result.backward_speed == 0 then return end

  result.name = tag(way, 'name') or ''
  result.roundabout = tag(way, 'junction') == 'roundabout'
  local bridge_or_tunnel = tag(way, 'tunnel')
  -- Nobody hands over flowers inside a tunnel: stops do not snap there.
  result.is_startpoint = not (bridge_or_tunnel and bridge_or_tunnel ~= 'no')
end

function process_turn(profile, turn)
  local sharp = math.abs(turn.angle) / 90
  turn.duration = math.min(sharp * sharp, 1.5) * TURN
  if turn.is_u_turn then turn.duration = turn.duration + profile.properties.u_turn_penalty end
  if turn.has_traffic_light then turn.duration = turn.duration + profile.properties.traffic_signal_penalty end
end

return { setup = setup, process_way = process_way, process_node = process_node, process_turn = process_turn }
