namespace tuban {} // namespace tuban
