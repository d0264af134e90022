-- When a shop delivers, as it sets it itself (huaxin.slots.model.SlotPlan as JSON). None: its usual windows.
CREATE TABLE slot_plans (
    shop TEXT PRIMARY KEY,
    doc TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
