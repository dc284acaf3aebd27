// placeholder until the SDK's testing door is there
